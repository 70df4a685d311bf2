/** Puts text on the clipboard; false when the browser won't. Works without HTTPS too, where `navigator.clipboard` is absent. */
export async function copyText(text: string): Promise<boolean> {
  if (typeof navigator.clipboard !== "undefined") {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => copyBySelection(text),
    );
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

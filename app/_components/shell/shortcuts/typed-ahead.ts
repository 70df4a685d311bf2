/**
 * What is typed between Ctrl+K and the palette's appearance, which has to be loaded the first time: it belongs into the palette, and
 * must not be taken for shortcuts of the page below.
 */
export function createTypedAhead() {
  let typed: string | null = null;
  return {
    begin: () => {
      typed = "";
    },
    /** Whether the key was taken. */
    press: (event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): boolean => {
      if (typed === null || event.ctrlKey || event.metaKey || event.altKey) return false;
      if (event.key.length === 1) typed += event.key;
      else if (event.key === "Backspace") typed = typed.slice(0, -1);
      return true;
    },
    /** Hands over what was typed, once; from then on keys go where they belong. Null when nothing was being kept. */
    take: (): string | null => {
      const text = typed;
      typed = null;
      return text;
    },
  };
}

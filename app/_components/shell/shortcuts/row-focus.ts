// A row of a list says that it is one by `data-row-key`, its link or button by `data-row-link`.

const ROW = "[data-row-key]";

/** The row that has the focus, anywhere in it. */
export const focusedRow = () => document.activeElement?.closest<HTMLElement>(ROW) ?? null;

/** Moves the focus through the rows' links, which Enter follows. */
export function stepRow(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = links.findIndex((link) => (link.closest(ROW) ?? link).contains(document.activeElement));
  const next = at === -1 ? links[0] : links[Math.max(0, Math.min(links.length - 1, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

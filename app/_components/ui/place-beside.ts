export type Side = "top" | "right" | "bottom" | "left";

const GAP = 6;
const EDGE = 8;
const OPPOSITE: Record<Side, Side> = { top: "bottom", bottom: "top", left: "right", right: "left" };

type Rect = { left: number; top: number; width: number; height: number };
type Size = { width: number; height: number };

/** Where a box of a size goes beside an anchor: at the side asked for, else at the other one, and never past the view's edges. */
export function positionBeside(anchor: Rect, box: Size, view: Size, side: Side): { left: number; top: number } {
  const at = (where: Side) => ({
    left:
      where === "left" ? anchor.left - box.width - GAP : where === "right" ? anchor.left + anchor.width + GAP : anchor.left + anchor.width / 2 - box.width / 2,
    top:
      where === "top" ? anchor.top - box.height - GAP : where === "bottom" ? anchor.top + anchor.height + GAP : anchor.top + anchor.height / 2 - box.height / 2,
  });
  const fits = ({ left, top }: { left: number; top: number }) =>
    side === "top" || side === "bottom" ? top >= EDGE && top + box.height <= view.height - EDGE : left >= EDGE && left + box.width <= view.width - EDGE;
  const wanted = at(side);
  const other = at(OPPOSITE[side]);
  const { left, top } = fits(wanted) || !fits(other) ? wanted : other;
  const within = (value: number, size: number, whole: number) => Math.max(EDGE, Math.min(value, whole - size - EDGE));
  return { left: within(left, box.width, view.width), top: within(top, box.height, view.height) };
}

/** Puts a fixed element beside another. */
export function placeBeside(element: HTMLElement, anchor: HTMLElement, side: Side): void {
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const { left, top } = positionBeside(anchor.getBoundingClientRect(), { width: element.offsetWidth, height: element.offsetHeight }, view, side);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}

export const ROW_PX = 20;
/** Browsers make no element much higher than this; a longer log is scrolled in proportion. */
const CONTENT_MAX_PX = 12_000_000;
/** Rows drawn beyond what is in sight, on either side. */
const SPARE_ROWS = 12;
/** The window moves by so many rows at once: fewer renders while scrolling slowly. */
const STEP_ROWS = 8;

export type Scroll = { top: number; height: number; count: number };
/** A place in the log that lies `y` pixels below the top of the box: row 2.5 is the middle of the third. */
export type Anchor = { row: number; y: number };
/** The rows to draw: from `first`, before `end`, counted from 0. */
export type RowWindow = { first: number; end: number };

/** How high the scrolled content is, in pixels. */
export function contentHeight(count: number): number {
  return Math.min(count * ROW_PX, CONTENT_MAX_PX);
}

/**
 * What is where for a scroll position: the place that lies as far through the log as the scroll has gone lies as far down the box. For
 * rows of one height that is ordinary scrolling; it also holds for rows whose heights nobody knows, and for logs too long for a browser.
 */
export function anchorOf({ top, height, count }: Scroll): Anchor {
  const range = contentHeight(count) - height;
  if (range <= 0) return { row: 0, y: 0 };
  const share = Math.min(1, Math.max(0, top / range));
  return { row: share * count, y: share * height };
}

/** The scroll position at which a row is in sight, with what comes before it where there is room. */
export function scrollTopFor(row: number, { height, count }: Omit<Scroll, "top">): number {
  const range = Math.max(0, contentHeight(count) - height);
  if (count * ROW_PX <= CONTENT_MAX_PX) return Math.min(range, Math.max(0, (row + 0.5) * ROW_PX - height / 2));
  return range * Math.min(1, (row + 0.5) / Math.max(1, count));
}

/** Which rows to draw; in a box of rows of at least ROW_PX. */
export function windowOf(scroll: Scroll): RowWindow {
  const { row, y } = anchorOf(scroll);
  const top = Math.floor((row - y / ROW_PX) / STEP_ROWS) * STEP_ROWS;
  const shown = Math.ceil(scroll.height / ROW_PX) + STEP_ROWS;
  return { first: Math.max(0, Math.min(top - SPARE_ROWS, scroll.count)), end: Math.max(0, Math.min(scroll.count, top + shown + SPARE_ROWS)) };
}

/** The rows that are in sight, or may be. */
export function rowsInSight(scroll: Scroll): RowWindow {
  const { row, y } = anchorOf(scroll);
  const top = row - y / ROW_PX;
  return { first: Math.max(0, Math.floor(top)), end: Math.max(0, Math.min(scroll.count, Math.ceil(top + scroll.height / ROW_PX))) };
}

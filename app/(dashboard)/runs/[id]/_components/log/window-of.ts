export const ROW_PX = 20;

/** Rows drawn beyond what is in sight, on either side. */
const SPARE_ROWS = 16;
/** The window moves by so many rows at once: fewer renders while scrolling slowly. */
const STEP_ROWS = 8;

/** The rows to draw: from `first`, before `end`. */
export type RowWindow = { first: number; end: number };

/** Which of `count` rows to draw for a scroll position and a height in pixels. */
export function windowOf(scrollTop: number, height: number, count: number): RowWindow {
  const top = Math.floor(Math.max(0, scrollTop) / ROW_PX / STEP_ROWS) * STEP_ROWS;
  const shown = Math.ceil(height / ROW_PX) + STEP_ROWS;
  return { first: Math.max(0, Math.min(top - SPARE_ROWS, count)), end: Math.min(count, top + shown + SPARE_ROWS) };
}

"use client";

import { focusedRow, stepRow } from "#app/_components/shell/shortcuts/row-focus.ts";
import { useShortcuts } from "#app/_components/shell/shortcuts/use-shortcuts.ts";

/** Ticks the focused row's checkbox as a click does; with Shift a range. */
function tick({ shiftKey }: KeyboardEvent): void {
  const box = focusedRow()?.querySelector("input[type=checkbox]");
  box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
}

/** `j` `k` move through rows, Enter opens, `x` ticks the focused one (with Shift: a range), Escape lets go of the selection. */
export function useTriageKeys(onClear: () => void): void {
  useShortcuts({ j: () => stepRow(1), k: () => stepRow(-1), x: tick, X: tick, Escape: onClear });
}

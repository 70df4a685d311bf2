"use client";

import { stepRow } from "./row-focus.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** `j` and `k` move through a list's rows, for lists in which nothing is selected. */
export function useRowSteps(): void {
  useShortcuts({ j: () => stepRow(1), k: () => stepRow(-1) });
}

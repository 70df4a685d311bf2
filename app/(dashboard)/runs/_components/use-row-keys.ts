"use client";

import { focusedRow, stepRow } from "#app/_components/shell/shortcuts/row-focus.ts";
import { useShortcuts } from "#app/_components/shell/shortcuts/use-shortcuts.ts";

type RowDeeds = {
  onSelect: (id: string) => void;
  onRetry: (id: string | null) => void;
  onCancel: (id: string | null) => void;
  onClear: () => void;
  onUndo: () => void;
};

const focusedRun = () => focusedRow()?.dataset["rowKey"] ?? null;

/** The list's keys: `j` and `k` move through the rows, Enter opens one; the others act on the focused row or the selection. */
export function useRowKeys({ onSelect, onRetry, onCancel, onClear, onUndo }: RowDeeds): void {
  useShortcuts({
    j: () => stepRow(1),
    k: () => stepRow(-1),
    x: () => {
      const id = focusedRun();
      if (id !== null) onSelect(id);
    },
    r: () => onRetry(focusedRun()),
    c: () => onCancel(focusedRun()),
    f: (event) => {
      event.preventDefault();
      document.querySelector<HTMLElement>("main search button")?.focus();
    },
    u: onUndo,
    Escape: onClear,
  });
}

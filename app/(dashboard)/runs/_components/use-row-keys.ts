"use client";

import { useShortcuts } from "#app/_components/shell/shortcuts/use-shortcuts.ts";

type RowDeeds = {
  onSelect: (id: string) => void;
  onRetry: (id: string | null) => void;
  onCancel: (id: string | null) => void;
  onClear: () => void;
  onUndo: () => void;
};

/** The id of the row that has the focus, anywhere in it. */
const focusedRow = () => document.activeElement?.closest<HTMLElement>("[data-run-id]")?.dataset["runId"] ?? null;

function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = links.findIndex((link) => link.closest("[data-run-id]")?.contains(document.activeElement));
  const next = at === -1 ? links[0] : links[Math.max(0, Math.min(links.length - 1, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** The list's keys: `j` and `k` move the focus through the rows' links, which Enter follows; the others act on the focused row or the selection. */
export function useRowKeys({ onSelect, onRetry, onCancel, onClear, onUndo }: RowDeeds): void {
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    x: () => {
      const id = focusedRow();
      if (id !== null) onSelect(id);
    },
    r: () => onRetry(focusedRow()),
    c: () => onCancel(focusedRow()),
    f: (event) => {
      event.preventDefault();
      document.querySelector<HTMLElement>("main search button")?.focus();
    },
    u: onUndo,
    Escape: onClear,
  });
}

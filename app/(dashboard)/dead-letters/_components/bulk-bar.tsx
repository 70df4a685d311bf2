"use client";

import { Gauge, RotateCw, Trash2, X } from "lucide-react";

import { Button, IconButton } from "#app/_components/ui/button.tsx";

import { deadLettersText, momentText } from "./bulk-text.ts";
import { selectedCount } from "./selection.ts";
import type { Selection } from "./selection.ts";

type BulkBarProps = { selection: Selection; onRetry: () => void; onRaise: () => void; onDiscard: () => void; onClear: () => void };

/** What can be done with what is selected. */
export function BulkBar({ selection, onRetry, onRaise, onDiscard, onClear }: BulkBarProps) {
  const count = selectedCount(selection);
  return (
    <div
      role="region"
      aria-label="Bulk actions"
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full animate-in flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-line-strong bg-raised px-3 py-2 shadow-lg"
    >
      <span role="status" className="font-medium">
        {deadLettersText(count)} selected
        {selection.mode === "all" && <span className="font-normal text-fg-muted"> as of {momentText(selection.asOf)}</span>}
      </span>
      <span className="flex flex-wrap items-center gap-2">
        <Button variant="primary" onClick={onRetry}>
          <RotateCw aria-hidden />
          Retry
        </Button>
        <Button onClick={onRaise}>
          <Gauge aria-hidden />
          Retry with raised limits
        </Button>
        <Button variant="danger-quiet" onClick={onDiscard}>
          <Trash2 aria-hidden />
          Discard
        </Button>
        <IconButton label="Clear selection" onClick={onClear}>
          <X aria-hidden />
        </IconButton>
      </span>
    </div>
  );
}

/** Above the rows: the page is selected, and all that match can be. */
export function SelectAllBanner({
  onPage,
  matching,
  selection,
  onSelectAll,
  onClear,
  busy,
}: {
  onPage: number;
  matching: number;
  selection: Selection;
  onSelectAll: () => void;
  onClear: () => void;
  busy: boolean;
}) {
  return (
    <div
      role="status"
      aria-label="Selection"
      className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1 border-b border-line bg-accent-soft px-4 py-2 text-sm"
    >
      {selection.mode === "all" ? (
        <>
          <span>
            {selection.excludeIds.size === 0
              ? `All ${selection.total.toLocaleString("en-US")} matching are selected.`
              : `${selectedCount(selection).toLocaleString("en-US")} of ${selection.total.toLocaleString("en-US")} matching are selected: all but ${selection.excludeIds.size.toLocaleString("en-US")}.`}
          </span>
          <button type="button" onClick={onClear} className="rounded-xs font-medium text-accent-fg underline-offset-2 hover:underline">
            Clear
          </button>
        </>
      ) : (
        <>
          <span>{onPage.toLocaleString("en-US")} on this page selected.</span>
          <button
            type="button"
            disabled={busy}
            onClick={onSelectAll}
            className="rounded-xs font-medium text-accent-fg underline-offset-2 hover:underline disabled:opacity-60"
          >
            Select all {matching.toLocaleString("en-US")} matching
          </button>
        </>
      )}
    </div>
  );
}

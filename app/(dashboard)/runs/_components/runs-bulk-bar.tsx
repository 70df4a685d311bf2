"use client";

import { Ban, RotateCw, X } from "lucide-react";

import { Button, IconButton } from "#app/_components/ui/button.tsx";

import { SELECTION_MAX, isCancellable, isRetryable } from "./run-selection.ts";
import type { SelectedRun } from "./run-selection.ts";

type RunsBulkBarProps = {
  selected: SelectedRun[];
  /** How many of them are on the page. */
  onPage: number;
  onRetry: () => void;
  onCancel: () => void;
  onClear: () => void;
};

/** What can be done to the selected runs; at the foot of the window while there are any. */
export function RunsBulkBar({ selected, onPage, onRetry, onCancel, onClear }: RunsBulkBarProps) {
  const retryable = selected.filter(isRetryable).length;
  const cancellable = selected.filter(isCancellable).length;
  const elsewhere = selected.length - onPage;
  return (
    <section
      aria-label="Bulk actions"
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full animate-in flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 shadow-lg"
    >
      <p role="status" className="text-sm">
        <span className="font-medium">{selected.length.toLocaleString("en-US")} selected</span>
        {elsewhere > 0 && <span className="text-fg-muted">, {elsewhere.toLocaleString("en-US")} not on this page</span>}
        {selected.length >= SELECTION_MAX && <span className="text-fg-muted">, the most there can be</span>}
      </p>
      <div className="flex items-center gap-2">
        <Button
          onClick={onRetry}
          disabled={retryable === 0}
          aria-keyshortcuts="r"
          title={retryable === 0 ? "None of them failed for good or waits to try again" : undefined}
        >
          <RotateCw aria-hidden />
          Retry{retryable > 0 && ` ${retryable.toLocaleString("en-US")}`}
        </Button>
        <Button
          variant="danger-quiet"
          onClick={onCancel}
          disabled={cancellable === 0}
          aria-keyshortcuts="c"
          title={cancellable === 0 ? "All of them have ended" : undefined}
        >
          <Ban aria-hidden />
          Cancel{cancellable > 0 && ` ${cancellable.toLocaleString("en-US")}`}
        </Button>
        <IconButton label="Clear selection" aria-keyshortcuts="Escape" onClick={onClear}>
          <X aria-hidden />
        </IconButton>
      </div>
    </section>
  );
}

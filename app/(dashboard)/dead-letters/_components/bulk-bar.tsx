"use client";

import { Gauge, RotateCw, Trash2, X } from "lucide-react";

import { Button, IconButton } from "#app/_components/ui/button.tsx";
import type { DeadLetterFilter } from "#server/contracts/dead-letters.ts";

import { deadLettersText, momentText } from "./bulk-text.ts";
import { ExportMenu } from "./export-menu.tsx";
import { toServerSelection } from "./selection.ts";
import type { Triage } from "./use-triage.ts";

/** What can be done with what is selected. */
export function BulkBar({ triage, filter }: { triage: Triage; filter: DeadLetterFilter }) {
  const { selection, selected } = triage;
  return (
    <div
      role="region"
      aria-label="Bulk actions"
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full animate-in flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-line-strong bg-raised px-3 py-2 shadow-lg"
    >
      <span role="status" className="font-medium">
        {deadLettersText(selected)} selected
        {selection.asOf !== null && <span className="font-normal text-fg-muted"> as of {momentText(selection.asOf)}</span>}
      </span>
      <span className="flex flex-wrap items-center gap-2">
        <Button variant="primary" onClick={() => triage.actOnSelected("retry")}>
          <RotateCw aria-hidden />
          Retry
        </Button>
        <Button onClick={() => triage.actOnSelected("raise")}>
          <Gauge aria-hidden />
          Retry with raised limits
        </Button>
        <Button variant="danger-quiet" onClick={() => triage.actOnSelected("discard")}>
          <Trash2 aria-hidden />
          Discard
        </Button>
        <ExportMenu selection={toServerSelection(selection, filter)} count={selected} />
        <IconButton label="Clear selection" onClick={triage.clear}>
          <X aria-hidden />
        </IconButton>
      </span>
    </div>
  );
}

"use client";

import { useState } from "react";

import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";
import type { Selection } from "#server/contracts/dead-letters.ts";

import { Counted, Refused, deedLabel } from "./counted.tsx";
import { PaceFields } from "./pace-fields.tsx";
import { NO_PACE, readPace } from "./pace-text.ts";
import { useDryRun } from "./use-dry-run.ts";

export type Pace = ReturnType<typeof readPace>["pace"];

export type DeedDialogProps = {
  onClose: () => void;
  selection: Selection;
  busy: boolean;
  /** What the server said when it was asked to. */
  error: unknown;
};

const closing = (onClose: () => void) => (open: boolean) => {
  if (!open) onClose();
};

/** Asks before many are queued again as they are. Mounted while it is open. */
export function RetryDialog({ onClose, selection, busy, error, onConfirm }: DeedDialogProps & { onConfirm: (pace: Pace) => void }) {
  const dryRun = useDryRun("retry", selection);
  const [draft, setDraft] = useState(NO_PACE);
  const { pace, problems } = readPace(draft);
  return (
    <ConfirmDialog
      open
      onOpenChange={closing(onClose)}
      title="Retry dead letters"
      description={<Counted dryRun={dryRun} deed="will be queued again with the limits and retries they had" />}
      confirmLabel={deedLabel("Retry", dryRun)}
      onConfirm={dryRun.counted === undefined ? dryRun.count : () => onConfirm(pace)}
      busy={busy || dryRun.isCounting}
      disabled={Object.keys(problems).length > 0 || dryRun.counted?.total === 0}
    >
      <PaceFields draft={draft} onChange={setDraft} />
      <Refused error={error} />
    </ConfirmDialog>
  );
}

"use client";

import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";

import { TYPED_ABOVE } from "./bulk-text.ts";
import { Counted, Refused, deedLabel } from "./counted.tsx";
import type { DeedDialogProps } from "./retry-dialog.tsx";
import { useDryRun } from "./use-dry-run.ts";

/** Asks before many are put aside for good; above a hundred the count must be typed. Mounted while it is open. */
export function DiscardDialog({ onClose, selection, busy, error, onConfirm }: DeedDialogProps & { onConfirm: () => void }) {
  const dryRun = useDryRun("discard", selection);
  const total = dryRun.counted?.total ?? 0;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      danger
      title="Discard dead letters"
      description={<Counted dryRun={dryRun} deed="will be discarded. They stay in the list of runs and can’t be retried any more" />}
      confirmLabel={deedLabel("Discard", dryRun)}
      onConfirm={dryRun.counted === undefined ? dryRun.count : onConfirm}
      busy={busy || dryRun.isCounting}
      disabled={dryRun.counted?.total === 0}
      {...(total > TYPED_ABOVE ? { typeToConfirm: `discard ${total}` } : {})}
    >
      <Refused error={error} />
    </ConfirmDialog>
  );
}

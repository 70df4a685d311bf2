"use client";

import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";

import type { SelectedRun } from "./run-selection.ts";
import { isCancellable } from "./run-selection.ts";
import { runsText } from "./skipped-text.ts";

/** Asks before runs are cancelled: what has begun can't be taken back. */
export function CancelDialog({ runs, onConfirm, onClose }: { runs: SelectedRun[]; onConfirm: () => void; onClose: () => void }) {
  const open = runs.filter(isCancellable);
  const running = open.filter(({ status }) => status === "running").length;
  const [only] = open.length === 1 ? open : [];
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={only === undefined ? `Cancel ${runsText(open.length)}?` : `Cancel “${only.name}”?`}
      description={
        <>
          {running === 0
            ? "None of them has begun its next attempt."
            : open.length === 1
              ? "Its script is ended, with everything it started."
              : `${running === 1 ? "1 is running: its script is" : `${running.toLocaleString("en-US")} are running: their scripts are`} ended, with everything they started.`}{" "}
          This can’t be undone.
          {open.length < runs.length &&
            ` ${runsText(runs.length - open.length)} that ${runs.length - open.length === 1 ? "has" : "have"} ended stay as they are.`}
        </>
      }
      confirmLabel={only === undefined ? `Cancel ${runsText(open.length)}` : "Cancel run"}
      danger
      onConfirm={() => {
        onConfirm();
        onClose();
      }}
    />
  );
}

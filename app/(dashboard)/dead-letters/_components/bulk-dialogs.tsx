"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode } from "react";

import { describeError, fieldErrors } from "#app/_components/describe-error.ts";
import { LimitField } from "#app/_components/policy/limit-field.tsx";
import { readLimit } from "#app/_components/policy/limit-text.ts";
import { KeepRetryFields } from "#app/_components/policy/retry-fields.tsx";
import { EMPTY_RETRY_DRAFT, readRetry, retryRefusals } from "#app/_components/policy/retry-text.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { LimitsInput, RetryInput } from "#server/contracts/policy.ts";
import type { LimitName } from "#server/contracts/statuses.ts";

import { deadLettersText, momentText, TYPED_ABOVE } from "./bulk-text.ts";
import { PaceFields } from "./pace-fields.tsx";
import { NO_PACE, readPace } from "./pace-text.ts";
import type { toServerSelection } from "./selection.ts";
import { useDryRun } from "./use-dry-run.ts";

export type Pace = ReturnType<typeof readPace>["pace"];
export type Overrides = { limits?: LimitsInput; retry?: RetryInput } & Pace;

type BulkDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  selection: ReturnType<typeof toServerSelection>;
  busy: boolean;
  /** What the server said when it was asked to. */
  error: unknown;
};

type DryRun = ReturnType<typeof useDryRun>;

/** The count, the moment it was counted, and what that means for what arrives later. */
function Counted({ dryRun, deed }: { dryRun: DryRun; deed: string }) {
  const { counted, error } = dryRun;
  if (counted === undefined) {
    return dryRun.isError ? <>They could not be counted. {describeError(error).message}</> : <Skeleton className="h-10 w-full" />;
  }
  return (
    <>
      <strong className="font-semibold text-fg">{deadLettersText(counted.total)}</strong> {deed}. Counted at {momentText(counted.asOf)}; those that arrive later
      are left alone.
    </>
  );
}

/** The deed's name with its count; without a count the deed is to count again. */
function deedLabel(verb: string, dryRun: DryRun): string {
  if (dryRun.isError) return "Count again";
  return dryRun.counted === undefined ? verb : `${verb} ${dryRun.counted.total.toLocaleString("en-US")}`;
}

function Refused({ error }: { error: unknown }): ReactNode {
  if (error === null || error === undefined) return null;
  return <Notice tone="danger">{describeError(error).message}</Notice>;
}

/** Asks before many are queued again as they are. */
export function RetryDialog({ open, onOpenChange, selection, busy, error, onConfirm }: BulkDialogProps & { onConfirm: (pace: Pace) => void }) {
  const dryRun = useDryRun("retry", selection, open);
  const [draft, setDraft] = useState(NO_PACE);
  const { pace, problems } = readPace(draft);
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Retry dead letters"
      description={<Counted dryRun={dryRun} deed="will be queued again with the limits and retries they had" />}
      confirmLabel={deedLabel("Retry", dryRun)}
      onConfirm={dryRun.counted === undefined ? dryRun.count : () => onConfirm(pace)}
      busy={busy || dryRun.isCounting}
      disabled={Object.keys(problems).length > 0}
    >
      <PaceFields draft={draft} onChange={setDraft} />
      <Refused error={error} />
    </ConfirmDialog>
  );
}

/** Asks before many are put aside for good; above a hundred the count must be typed. */
export function DiscardDialog({ open, onOpenChange, selection, busy, error, onConfirm }: BulkDialogProps & { onConfirm: () => void }) {
  const dryRun = useDryRun("discard", selection, open);
  const total = dryRun.counted?.total ?? 0;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      danger
      title="Discard dead letters"
      description={<Counted dryRun={dryRun} deed="will be discarded. They stay in the list of runs and can’t be retried any more" />}
      confirmLabel={deedLabel("Discard", dryRun)}
      onConfirm={dryRun.counted === undefined ? dryRun.count : onConfirm}
      busy={busy || dryRun.isCounting}
      {...(total > TYPED_ABOVE ? { typeToConfirm: `discard ${total}` } : {})}
    >
      <Refused error={error} />
    </ConfirmDialog>
  );
}

const RAISED: LimitName[] = ["memoryBytes", "timeoutMs"];
const OWN = "each run’s own";

/** Queues many again with other limits or another retry policy. */
export function RaiseDialog({ open, onOpenChange, selection, busy, error, onConfirm }: BulkDialogProps & { onConfirm: (overrides: Overrides) => void }) {
  const trpc = useTRPC();
  const settings = useQuery(trpc.settings.get.queryOptions(undefined, { enabled: open }));
  const dryRun = useDryRun("retry", selection, open);
  const [texts, setTexts] = useState<Partial<Record<LimitName, string>>>({});
  const [retry, setRetry] = useState(EMPTY_RETRY_DRAFT);
  const [draft, setDraft] = useState(NO_PACE);
  const { pace, problems: paceProblems } = readPace(draft);
  const refused = fieldErrors(error);
  const rules = settings.data;

  const read = RAISED.map((name) => ({ name, ...readLimit(name, texts[name] ?? "", rules?.limits[name] ?? { maximum: 0 }) }));
  const readRetries = rules === undefined ? null : readRetry(retry, rules.retry);
  const limits = Object.fromEntries(read.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]))) as LimitsInput;
  const changesLimits = Object.keys(limits).length > 0;
  const changesRetry = readRetries !== null && Object.keys(readRetries.input).length > 0;
  const ready =
    rules !== undefined &&
    readRetries !== null &&
    Object.keys(readRetries.problems).length === 0 &&
    read.every(({ problem }) => problem === null) &&
    Object.keys(paceProblems).length === 0 &&
    (changesLimits || changesRetry);

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title="Retry with raised limits"
      description={<Counted dryRun={dryRun} deed="will be queued again with what you set here; what you leave empty stays as each run has it" />}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant="primary"
            busy={busy || dryRun.isCounting}
            disabled={!ready || dryRun.counted === undefined}
            onClick={() =>
              onConfirm({ ...pace, ...(changesLimits ? { limits } : {}), ...(changesRetry && readRetries !== null ? { retry: readRetries.input } : {}) })
            }
          >
            {deedLabel("Retry", dryRun)}
          </Button>
        </>
      }
    >
      {rules === undefined ? (
        settings.isError ? (
          <Notice tone="danger" title="The maxima could not be loaded" actions={<Button onClick={() => void settings.refetch()}>Retry</Button>}>
            {describeError(settings.error).message}
          </Notice>
        ) : (
          <Skeleton className="h-48 w-full" />
        )
      ) : (
        <div className="flex flex-col gap-5">
          <div className="grid gap-5 sm:grid-cols-2">
            {RAISED.map((name) => (
              <LimitField
                key={name}
                name={name}
                text={texts[name] ?? ""}
                onChange={(text) => setTexts({ ...texts, [name]: text })}
                range={rules.limits[name]}
                emptyMeans={OWN}
                serverError={refused[`limits.${name}`]}
              />
            ))}
          </div>
          <section aria-label="Retry policy" className="border-t border-line pt-4">
            <KeepRetryFields draft={retry} onChange={setRetry} defaults={rules.retry} serverErrors={retryRefusals((path) => refused[path])} />
          </section>
          <section aria-label="Pace" className="border-t border-line pt-4">
            <PaceFields draft={draft} onChange={setDraft} />
          </section>
          <Refused error={error} />
        </div>
      )}
    </Dialog>
  );
}

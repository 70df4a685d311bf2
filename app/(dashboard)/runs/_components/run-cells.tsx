"use client";

import { ShieldAlert } from "lucide-react";

import { elapsedMs, tickingDuration } from "#app/_components/time-text.ts";
import { useNow } from "#app/_components/now.ts";
import { OutcomeBadge } from "#app/_components/outcome-badge.tsx";
import { StatusBadge } from "#app/_components/status-badge.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { LimitBar } from "#app/_components/ui/limit-bar.tsx";
import type { RunSummary } from "#server/contracts/runs.ts";
import type { RunStatus } from "#server/contracts/statuses.ts";
import { formatBytes, formatDuration } from "#server/contracts/units.ts";

/** Where the outcome adds to the status; elsewhere it would repeat it, or speak of an attempt that is past. */
const SHOWS_OUTCOME: readonly RunStatus[] = ["retrying", "failed", "dead", "discarded"];

/** Status and outcome; a retrying run counts down to its next attempt. */
export function RunStatusCell({ run, wrap = false }: { run: RunSummary; wrap?: boolean }) {
  const now = useNow(run.status === "retrying");
  const cancelling = run.cancelRequestedAt !== null && run.status === "running";
  return (
    <span className={cx("flex items-center gap-x-2 gap-y-1", wrap && "flex-wrap")}>
      <StatusBadge status={run.status} detail={cancelling ? "· cancelling" : run.status === "retrying" ? retryDetail(run, now) : undefined} />
      {run.outcome !== null && SHOWS_OUTCOME.includes(run.status) && <OutcomeBadge outcome={run.outcome} exitCode={run.lastAttempt?.exitCode ?? null} />}
      {run.enforced === false && (
        <Badge tone="danger">
          <ShieldAlert aria-hidden />
          Unenforced
        </Badge>
      )}
    </span>
  );
}

/** `in 12 s (2/5)`: when the next attempt comes, and which of those the policy allows it is. */
export function retryDetail(run: { nextAttemptAt: string | null; chargedFailures: number; maxAttempts: number }, now: number | null): string {
  const which = `(${run.chargedFailures + 1}/${run.maxAttempts})`;
  if (run.nextAttemptAt === null || now === null) return which;
  const wait = Date.parse(run.nextAttemptAt) - now;
  return wait <= 0 ? `due now ${which}` : `in ${formatDuration(Math.ceil(wait / 1000) * 1000)} ${which}`;
}

/** How many attempts were begun, of how many the policy allows; a person's retry may pass that. */
export function AttemptsCell({ run }: { run: RunSummary }) {
  return (
    <>
      {run.attemptCount}
      {run.attemptCount <= run.maxAttempts && <span className="text-fg-subtle">/{run.maxAttempts}</span>}
    </>
  );
}

/** The last attempt's duration against the timeout; ticks while it runs. */
export function DurationCell({ run }: { run: RunSummary }) {
  const last = run.lastAttempt;
  const ticking = last !== null && last.finishedAt === null && run.status === "running";
  const now = useNow(ticking);
  if (last === null) return <Nothing />;
  const spent = last.wallMs ?? elapsedMs(last.startedAt, last.finishedAt, now);
  const text = ticking ? tickingDuration(spent) : formatDuration(spent);
  return (
    <Measure text={text} of={formatDuration(run.timeoutMs)}>
      <LimitBar value={spent} limit={run.timeoutMs} label={`${text} of ${formatDuration(run.timeoutMs)}`} />
    </Measure>
  );
}

/** The last attempt's peak memory against the limit. */
export function MemoryCell({ run }: { run: RunSummary }) {
  const peak = run.lastAttempt?.peakMemoryBytes ?? null;
  if (peak === null) return <Nothing />;
  return (
    <Measure text={formatBytes(peak)} of={formatBytes(run.memoryBytes)}>
      <LimitBar value={peak} limit={run.memoryBytes} label={`${formatBytes(peak)} of ${formatBytes(run.memoryBytes)}`} />
    </Measure>
  );
}

function Measure({ text, of, children }: { text: string; of: string; children: React.ReactNode }) {
  return (
    <span className="flex w-28 flex-col gap-1">
      <span className="flex justify-between gap-2 text-xs whitespace-nowrap">
        <span>{text}</span>
        <span aria-hidden className="text-fg-subtle">
          {of}
        </span>
      </span>
      {children}
    </span>
  );
}

function Nothing() {
  return (
    <span className="text-fg-subtle">
      <span aria-hidden>–</span>
      <span className="sr-only">none yet</span>
    </span>
  );
}

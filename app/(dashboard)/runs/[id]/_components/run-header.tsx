"use client";

import { Ban, ChevronDown, Copy, Download, FastForward, RotateCw, SlidersHorizontal } from "lucide-react";

import { useNow } from "#app/_components/now.ts";
import { OutcomeBadge } from "#app/_components/outcome-badge.tsx";
import { StatusBadge } from "#app/_components/status-badge.tsx";
import { elapsedMs, tickingDuration } from "#app/_components/time-text.ts";
import { Button, ButtonLink, buttonClass } from "#app/_components/ui/button.tsx";
import { CopyButton } from "#app/_components/ui/copy-button.tsx";
import { DropdownMenu, MenuItem } from "#app/_components/ui/dropdown-menu.tsx";
import { LimitBar } from "#app/_components/ui/limit-bar.tsx";
import type { Attempt, Run } from "#server/contracts/runs.ts";
import { OPEN_STATUSES, RETRYABLE_STATUSES } from "#server/contracts/statuses.ts";
import { formatDuration } from "#server/contracts/units.ts";

import { retryDetail } from "../../_components/run-cells.tsx";
import { rawOutputUrl } from "./log/raw-output-url.ts";
import type { RunActions } from "./use-run-actions.ts";

type RunHeaderProps = { run: Run; shown: Attempt | undefined; actions: RunActions; mayAct: boolean; onRetryWithChanges: () => void };

/** Stays in sight: what this run is, where it stands, and what can be done about it. */
export function RunHeader({ run, shown, actions, mayAct, onRetryWithChanges }: RunHeaderProps) {
  const now = useNow(run.status === "retrying");
  const isOpen = OPEN_STATUSES.some((status) => status === run.status);
  const isRetryable = RETRYABLE_STATUSES.some((status) => status === run.status);
  const isEnding = run.status === "running" && run.cancelRequestedAt !== null;
  const last = run.attempts.at(-1);
  const detail = isEnding ? "· cancelling" : run.status === "retrying" ? retryDetail({ ...run, maxAttempts: run.retry.maxRetries + 1 }, now) : undefined;
  return (
    <div className="z-20 -mx-4 flex flex-wrap items-center gap-x-5 gap-y-2 border-b border-line bg-canvas px-4 pb-3 sm:sticky sm:top-12 sm:-mx-6 sm:-mt-5 sm:px-6 sm:pt-3">
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <span role="status" aria-label="Run status" className="inline-flex items-center gap-2">
            <StatusBadge status={run.status} detail={detail} />
            {run.outcome !== null && run.status !== "running" && run.status !== "queued" && run.status !== "succeeded" && run.status !== "cancelled" && (
              <OutcomeBadge outcome={run.outcome} exitCode={last?.exitCode ?? null} />
            )}
          </span>
          <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">{run.name}</h1>
        </div>
        <p className="flex min-w-0 items-center gap-1 text-xs text-fg-subtle">
          <code className="truncate font-mono">{run.id}</code>
          <CopyButton value={run.id} label="Copy run id" />
        </p>
      </div>
      {last && run.status !== "queued" && <Elapsed attempt={last} />}
      <div className="flex flex-wrap items-center gap-2">
        {mayAct && isOpen && (
          <Button variant="danger-quiet" busy={actions.cancel.isPending} disabled={isEnding} onClick={() => actions.cancel.mutate({ id: run.id })}>
            <Ban aria-hidden />
            {isEnding ? "Cancelling" : "Cancel"}
          </Button>
        )}
        {mayAct && run.status === "retrying" && (
          <Button busy={actions.retryNow.isPending} onClick={() => actions.retryNow.mutate({ id: run.id })}>
            <FastForward aria-hidden />
            Retry now
          </Button>
        )}
        {mayAct && isRetryable && (
          <span className="inline-flex">
            <Button variant="primary" className="rounded-r-none!" busy={actions.retry.isPending} onClick={() => actions.retry.mutate({ id: run.id })}>
              <RotateCw aria-hidden />
              Retry
            </Button>
            <DropdownMenu
              label="More ways to retry"
              trigger={
                <button
                  type="button"
                  aria-label="More ways to retry"
                  className={buttonClass({ variant: "primary", iconOnly: true, className: "w-7! rounded-l-none! border-l border-on-accent/25" })}
                >
                  <ChevronDown aria-hidden />
                </button>
              }
            >
              <MenuItem onSelect={onRetryWithChanges}>
                <SlidersHorizontal aria-hidden />
                Retry with changes…
              </MenuItem>
            </DropdownMenu>
          </span>
        )}
        {shown && (
          <a className={buttonClass({})} href={rawOutputUrl(run.id, shown.number)} download={`${run.id}-${shown.number}.log`}>
            <Download aria-hidden />
            Download log
          </a>
        )}
        {mayAct && (
          <ButtonLink href={`/runs/new?from=${run.id}`}>
            <Copy aria-hidden />
            Clone
          </ButtonLink>
        )}
      </div>
    </div>
  );
}

function Elapsed({ attempt }: { attempt: Attempt }) {
  const isRunning = attempt.status === "running";
  const now = useNow(isRunning);
  const spent = attempt.usage?.wallMs ?? elapsedMs(attempt.startedAt, attempt.finishedAt, now);
  const limit = attempt.limits.timeoutMs;
  const text = isRunning ? tickingDuration(spent) : formatDuration(spent);
  return (
    <div role="group" aria-label="Elapsed time" className="flex w-36 flex-col gap-1.5">
      <p className="flex justify-between gap-2 text-xs whitespace-nowrap">
        <span className="font-medium">{text}</span>
        <span className="text-fg-subtle">of {formatDuration(limit)}</span>
      </p>
      <LimitBar
        value={spent}
        limit={limit}
        label={`${text} of ${formatDuration(limit)} timeout`}
        {...(isRunning && spent < limit * 0.8 ? { tone: "info" as const } : {})}
      />
    </div>
  );
}

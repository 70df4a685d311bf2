"use client";

import { useEffect, useRef } from "react";
import type { RefObject } from "react";

import { useNow } from "#app/_components/now.ts";
import { OUTCOME_LOOKS, OutcomeBadge } from "#app/_components/outcome-badge.tsx";
import { StatusBadge } from "#app/_components/status-badge.tsx";
import { elapsedMs, tickingDuration } from "#app/_components/time-text.ts";
import { cx } from "#app/_components/ui/cx.ts";
import { LimitBar } from "#app/_components/ui/limit-bar.tsx";
import type { Attempt, Run } from "#server/contracts/runs.ts";
import { formatBytes, formatDuration } from "#server/contracts/units.ts";

/** The attempts in a row, with the waits between them; choosing one shows its output and usage below. */
export function AttemptsStrip({ run, shown, onShow }: { run: Run; shown: number | undefined; onShow: (attempt: number) => void }) {
  const strip = useRef<HTMLElement>(null);
  useInSight(strip, shown);
  return (
    // Relative: what is for screen readers alone is placed by it, and would else widen the page.
    <section ref={strip} aria-label="Attempts" className="relative -mx-4 overflow-x-auto px-4 py-1 sm:-mx-6 sm:px-6">
      <ol className="flex w-max min-w-full items-stretch gap-1.5">
        {run.attempts.map((attempt, index) => {
          const before = run.attempts[index - 1];
          return (
            <li key={attempt.number} className="flex items-stretch gap-1.5">
              {before && <Gap ms={before.finishedAt === null ? null : Date.parse(attempt.startedAt) - Date.parse(before.finishedAt)} />}
              <AttemptTile attempt={attempt} isShown={attempt.number === shown} onShow={() => onShow(attempt.number)} />
            </li>
          );
        })}
        {run.status === "retrying" && <NextAttempt run={run} />}
        {run.status === "queued" && (
          <li className="flex min-h-[4.75rem] w-104 max-w-[calc(100vw-2rem)] flex-col justify-center gap-1 rounded-lg border border-dashed border-line-strong px-3 py-2 text-xs">
            <span className="font-medium">Attempt {run.attempts.length + 1}</span>
            <span className="text-fg-muted">{run.waitingReason ?? "Waits for a free slot of a worker."}</span>
          </li>
        )}
      </ol>
    </section>
  );
}

/** Among many attempts the one that is shown is brought into sight, when another is. The strip is scrolled, never the page around it. */
function useInSight(strip: RefObject<HTMLElement | null>, shown: number | undefined): void {
  useEffect(() => {
    const tile = strip.current?.querySelector("[aria-pressed=true]");
    if (!strip.current || !tile) return;
    const [within, of] = [strip.current.getBoundingClientRect(), tile.getBoundingClientRect()];
    if (of.left < within.left) strip.current.scrollLeft += of.left - within.left;
    else if (of.right > within.right) strip.current.scrollLeft += of.right - within.right;
  }, [strip, shown]);
}

function Gap({ ms }: { ms: number | null }) {
  return (
    <span className="flex flex-col items-center justify-center px-0.5 text-2xs text-fg-subtle">
      <span className="sr-only">waited</span>
      {ms === null ? "" : formatDuration(Math.max(0, ms))}
      <span aria-hidden>→</span>
    </span>
  );
}

function AttemptTile({ attempt, isShown, onShow }: { attempt: Attempt; isShown: boolean; onShow: () => void }) {
  const isRunning = attempt.status === "running";
  const now = useNow(isRunning);
  const spent = attempt.usage?.wallMs ?? elapsedMs(attempt.startedAt, attempt.finishedAt, now);
  const text = isRunning ? tickingDuration(spent) : formatDuration(spent);
  const tone = isRunning ? "info" : attempt.outcome === null ? "neutral" : OUTCOME_LOOKS[attempt.outcome].tone;
  return (
    <button
      type="button"
      aria-pressed={isShown}
      aria-label={`Attempt ${attempt.number}: ${isRunning ? "running" : attempt.outcome === null ? "ended" : OUTCOME_LOOKS[attempt.outcome].label}`}
      onClick={onShow}
      className={cx(
        "flex h-[4.75rem] w-52 flex-col justify-between rounded-lg border bg-surface px-3 py-2 text-left text-xs shadow-sm transition-colors duration-75",
        isShown ? "border-accent outline-1 outline-accent" : "border-line hover:border-line-strong",
      )}
    >
      <span className="flex items-center justify-between gap-2">
        <span className="font-medium">Attempt {attempt.number}</span>
        {isRunning ? <StatusBadge status="running" /> : attempt.outcome !== null && <OutcomeBadge outcome={attempt.outcome} exitCode={attempt.exitCode} />}
      </span>
      <span className="flex items-center justify-between gap-2 text-fg-muted">
        <span>{text}</span>
        <span>{attempt.usage ? `peak ${formatBytes(attempt.usage.peakMemoryBytes)}` : ""}</span>
      </span>
      <LimitBar value={spent} limit={attempt.limits.timeoutMs} label={`${text} of ${formatDuration(attempt.limits.timeoutMs)}`} tone={tone} />
    </button>
  );
}

function NextAttempt({ run }: { run: Run }) {
  const now = useNow();
  const wait = run.nextAttemptAt === null || now === null ? null : Date.parse(run.nextAttemptAt) - now;
  return (
    <li className="flex items-stretch gap-1.5">
      <Gap ms={null} />
      <span className="flex h-[4.75rem] w-52 flex-col justify-center gap-1 rounded-lg border border-dashed border-warning-line bg-warning-soft px-3 text-xs text-warning-fg">
        <span role="timer" className="font-medium">
          {wait === null ? "Next attempt soon" : wait <= 0 ? "Next attempt due now" : `Next attempt in ${formatDuration(Math.ceil(wait / 1000) * 1000)}`} (
          {run.chargedFailures + 1}/{run.retry.maxRetries + 1})
        </span>
        <span className="text-fg">
          {run.retry.backoff === "exponential" ? "Exponential" : "Fixed"} backoff{run.retry.jitter ? " with jitter" : ""}
        </span>
      </span>
    </li>
  );
}

"use client";

import Link from "next/link";
import type { ReactNode } from "react";

import { useNow } from "#app/_components/now.ts";
import { elapsedMs, tickingDuration } from "#app/_components/time-text.ts";
import { cx } from "#app/_components/ui/cx.ts";
import { LimitBar } from "#app/_components/ui/limit-bar.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import type { Overview } from "#server/contracts/overview.ts";
import { formatCounted } from "#server/contracts/units.ts";
import type { Worker } from "#server/contracts/workers.ts";

type StatTilesProps = { overview: Overview | undefined; dead: number | undefined; workers: Worker[] | undefined };

/** The five numbers one looks for first; each leads to what it counts. */
export function StatTiles({ overview, dead, workers }: StatTilesProps) {
  return (
    <ul aria-label="Now" className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
      <Tile href="/runs?status=running" label="Running" value={overview && formatCounted(overview.running, true)}>
        {overview && (overview.retrying === 0 ? "none is retrying" : `${formatCounted(overview.retrying, true)} retrying`)}
      </Tile>
      <Tile href="/runs?status=queued&sort=oldest" label="Queued" value={overview && formatCounted(overview.queued, true)}>
        {overview && <OldestQueued oldest={overview.oldestQueued} />}
      </Tile>
      <Tile href="/runs?status=succeeded" label="Succeeded, 24 h" value={overview && shareText(overview.lastDay)}>
        {overview && lastDayText(overview.lastDay)}
      </Tile>
      <Tile href="/dead-letters" label="Dead letters" value={dead?.toLocaleString("en-US")} tone={dead !== undefined && dead > 0 ? "text-dead-fg" : undefined}>
        {overview && (overview.deadArrived === 0 ? "none new in 24 h" : `+${formatCounted(overview.deadArrived, true)} in 24 h`)}
      </Tile>
      <SlotsTile running={overview?.running} workers={workers} />
    </ul>
  );
}

type TileProps = { href: string; label: string; value: string | undefined; tone?: string | undefined; children: ReactNode; className?: string };

function Tile({ href, label, value, tone, children, className }: TileProps) {
  return (
    <li
      className={cx(
        "relative flex min-h-[6.875rem] min-w-0 flex-col gap-1 rounded-lg border border-line bg-surface px-4 py-3 shadow-sm hover:border-line-strong",
        className,
      )}
    >
      <Link href={href} prefetch={false} className="text-xs font-medium text-fg-subtle after:absolute after:inset-0 after:rounded-lg">
        {label}
      </Link>
      <span className={cx("h-8 text-2xl font-semibold tracking-tight", tone)}>{value ?? <Skeleton className="h-7 w-16" />}</span>
      <span className="min-h-[1.125rem] truncate text-xs text-fg-muted">{children ?? <Skeleton className="h-4 w-24" />}</span>
    </li>
  );
}

/** How long the run that waits longest has waited. */
function OldestQueued({ oldest }: { oldest: Overview["oldestQueued"] }) {
  const now = useNow(oldest !== null);
  if (oldest === null) return "nothing waits";
  return (
    <>
      oldest waits{" "}
      <Link href={`/runs/${oldest.id}`} prefetch={false} title={oldest.name} className="relative z-10 rounded-xs text-fg underline underline-offset-2">
        {tickingDuration(elapsedMs(oldest.since, null, now))}
      </Link>
    </>
  );
}

function shareText({ ended, succeeded }: Overview["lastDay"]): string {
  if (ended === 0) return "–";
  const percent = (succeeded / ended) * 100;
  // Only what is whole is called so: one failure in ten thousand is not 100 %.
  const text = percent > 99.9 && succeeded < ended ? "99.9" : percent.toFixed(1).replace(/\.0$/, "");
  return `${text} %`;
}

function lastDayText({ ended, succeeded, complete }: Overview["lastDay"]): string {
  if (ended === 0) return "no run has ended";
  const of = `${succeeded.toLocaleString("en-US")} of ${ended.toLocaleString("en-US")}`;
  return complete ? `${of} that ended` : `${of}, the newest`;
}

function SlotsTile({ running, workers }: { running: number | undefined; workers: Worker[] | undefined }) {
  const live = workers?.filter(({ status }) => status === "active" || status === "draining");
  const taking = live?.filter(({ status }) => status === "active");
  const slots = taking?.reduce((sum, worker) => sum + worker.slots.batch + worker.slots.interactive, 0);
  const known = running !== undefined && slots !== undefined;
  return (
    <Tile
      href="/workers"
      label="Slots in use"
      value={known ? `${running.toLocaleString("en-US")} of ${slots.toLocaleString("en-US")}` : undefined}
      tone={slots === 0 ? "text-danger-fg" : undefined}
      className="max-xl:col-span-2 max-sm:col-span-2"
    >
      {live && taking && (
        <span className="flex flex-col gap-1">
          <span className="truncate">{workersText(live.length, taking.length)}</span>
          {known && slots > 0 && <LimitBar value={running} limit={slots} label={`${running} of ${slots} slots in use`} tone="info" />}
        </span>
      )}
    </Tile>
  );
}

function workersText(live: number, taking: number): string {
  if (live === 0) return "no worker is there: start one";
  const all = live === 1 ? "1 worker" : `${live.toLocaleString("en-US")} workers`;
  return taking === live ? all : `${all}, ${(live - taking).toLocaleString("en-US")} draining`;
}

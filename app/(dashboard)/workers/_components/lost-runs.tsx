import Link from "next/link";

import { StatusBadge } from "#app/_components/status-badge.tsx";
import type { Worker } from "#server/contracts/workers.ts";

/** What an ended worker gave up, and where each of those runs stands now. */
export function LostRuns({ worker: { lost, status } }: { worker: Pick<Worker, "lost" | "status"> }) {
  const { total, runs } = lost;
  if (total === 0) {
    if (status !== "lost") return null;
    return <p className="text-fg-muted">It ran nothing when its heartbeat ended, so nothing was queued again.</p>;
  }
  return (
    <div>
      <p className="pb-1.5 text-xs text-fg-subtle">
        {total === 1 ? "1 run was" : `${total.toLocaleString("en-US")} runs were`} queued again; that used up none of {total === 1 ? "its" : "their"} retries
        {runs.length < total && `. The latest ${runs.length}`}
      </p>
      <ul aria-label="Queued again" className="divide-y divide-line rounded-md border border-line">
        {runs.map((run) => (
          <li key={`${run.runId}.${run.attempt}`} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-3 py-1.5">
            <Link href={`/runs/${run.runId}`} prefetch={false} className="min-w-0 truncate rounded-xs font-medium hover:underline">
              {run.name}
            </Link>
            <span className="flex shrink-0 items-center gap-1.5 text-xs text-fg-muted">
              attempt {run.attempt} was lost; now
              <StatusBadge status={run.status} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

"use client";

import { useState } from "react";

import { useLiveEvents } from "#app/_live/live-provider.tsx";
import type { RunFilter, RunSummary } from "#server/contracts/runs.ts";

import { matchesFilter } from "./matches-filter.ts";

/**
 * Counts runs that belong on top of the list but are not on it yet: rows never push each other about while someone
 * reads. `shown` is undefined while nothing is loaded; only the first page has a top.
 */
export function useNewRuns(filter: RunFilter, shown: RunSummary[] | undefined, firstPage: boolean): number {
  const filterKey = JSON.stringify(filter);
  const [seen, setSeen] = useState<{ filterKey: string; createdAt: ReadonlyMap<string, string> }>({ filterKey, createdAt: new Map() });

  useLiveEvents((event) => {
    if (event.type !== "runs" || !firstPage) return;
    const arrived = event.runs.filter((run) => matchesFilter(run, filter));
    if (arrived.length === 0) return;
    setSeen((old) => ({
      filterKey,
      createdAt: new Map([...(old.filterKey === filterKey ? old.createdAt : []), ...arrived.map((run) => [run.id, run.createdAt] as const)]),
    }));
  });

  if (!firstPage || shown === undefined || seen.filterKey !== filterKey) return 0;
  const onPage = new Set(shown.map((run) => run.id));
  const newest = shown[0]?.createdAt ?? "";
  return [...seen.createdAt].filter(([id, createdAt]) => !onPage.has(id) && createdAt >= newest).length;
}

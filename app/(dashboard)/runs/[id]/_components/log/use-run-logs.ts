"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";

import { useLiveEvents, useLiveGap, useLiveTopic } from "#app/_live/live-provider.tsx";
import { applyRunEvent } from "#app/_live/apply-event.ts";
import { useTRPC } from "#app/_trpc/client.tsx";

import { createLogStore } from "./log-store.ts";
import type { LogStore } from "./log-store.ts";

/**
 * The outputs of a run's attempts in this tab, fed by the stream. `latest` is the newest attempt, null while the run is
 * unknown and 0 before its first: the stream starts where what was read of it ends.
 */
export function useRunLogs(runId: string, latest: number | null): (attempt: number) => LogStore {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [ready, setReady] = useState(false);
  const stores = useMemo(() => new Map<number, LogStore>(), [runId]); // oxlint-disable-line react-hooks/exhaustive-deps -- another run, other stores

  const storeOf = useCallback(
    (attempt: number): LogStore => {
      const known = stores.get(attempt);
      if (known !== undefined) return known;
      const made = createLogStore((after) =>
        queryClient.fetchQuery({ ...trpc.runs.output.queryOptions({ id: runId, attempt, after }), staleTime: 0, gcTime: 0 }),
      );
      stores.set(attempt, made);
      return made;
    },
    [stores, runId, trpc, queryClient],
  );

  useEffect(() => {
    if (latest === null) return;
    let current = true;
    const settled = () => {
      if (current) setReady(true);
    };
    if (latest === 0) settled();
    else void storeOf(latest).load().then(settled);
    return () => {
      current = false;
    };
  }, [latest, storeOf]);

  useLiveTopic(
    useMemo(
      () =>
        ready
          ? {
              runId,
              cursor: () => {
                const newest = Math.max(0, ...stores.keys());
                return newest === 0 ? null : `${newest}.${stores.get(newest)?.lastSeq() ?? 0}`;
              },
            }
          : null,
      [ready, runId, stores],
    ),
  );
  useLiveEvents((event, topic) => {
    if (topic !== runId) return;
    if (event.type === "output") storeOf(event.attempt).take(event.chunks);
    else if (event.type === "attempt" && event.attempt.status === "finished") void stores.get(event.attempt.number)?.load();
    applyRunEvent(queryClient, trpc, runId, event);
  });
  useLiveGap(() => {
    for (const store of stores.values()) void store.load();
  });
  return storeOf;
}

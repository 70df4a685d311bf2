"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";

import { applyRunEvent } from "#app/_live/apply-event.ts";
import { useLiveEvents, useLiveGap, useLiveTopic } from "#app/_live/live-provider.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { LogView } from "#server/contracts/lines.ts";

import { WINDOW_ROWS, createLogStore } from "./log-store.ts";
import type { LogStore } from "./log-store.ts";
import type { EarlyWindow } from "./use-early-window.ts";

type Views = Map<LogView, LogStore>;

/**
 * The outputs of a run's attempts in this tab, fed by the stream. `latest` is the newest attempt, 0 before the first: the stream starts
 * where what was read of it ends. `around` is the line to read first, null for the end.
 */
export function useRunLogs(runId: string, latest: number, around: number | null, early: EarlyWindow): (attempt: number, view: LogView) => LogStore {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [ready, setReady] = useState(false);
  const stores = useMemo(() => new Map<number, Views>(), [runId]); // oxlint-disable-line react-hooks/exhaustive-deps -- another run, other stores

  const storeOf = useCallback(
    (attempt: number, view: LogView): LogStore => {
      let views = stores.get(attempt);
      if (views === undefined) {
        views = new Map();
        stores.set(attempt, views);
      }
      const known = views.get(view);
      if (known !== undefined) return known;
      const made = createLogStore(view, async (from, count) => {
        if (view === "all" && from === -WINDOW_ROWS) {
          const page = await early.current;
          early.current = null;
          // One of before the attempt began says nothing of it.
          if (page?.attempt === attempt && page.seq > 0) return page;
        }
        return queryClient.fetchQuery({ ...trpc.runs.lines.queryOptions({ id: runId, attempt, view, from, count }), staleTime: 0, gcTime: 0 });
      });
      views.set(view, made);
      return made;
    },
    [stores, runId, trpc, queryClient, early],
  );

  useEffect(() => {
    let current = true;
    const settled = () => {
      if (current) setReady(true);
    };
    if (latest === 0) settled();
    else void storeOf(latest, "all").open(around).then(settled);
    return () => {
      current = false;
    };
    // Where to begin is asked once: later lines are scrolled to.
  }, [latest, storeOf]); // oxlint-disable-line react-hooks/exhaustive-deps

  useLiveTopic(
    useMemo(
      () =>
        ready
          ? {
              runId,
              cursor: () => {
                const newest = Math.max(0, ...stores.keys());
                // Each view has read to where it was opened: what one has already is no news to it.
                const seqs = [...(stores.get(newest)?.values() ?? [])].map((store) => store.seq()).filter((seq) => seq > 0);
                return newest === 0 ? null : `${newest}.${seqs.length === 0 ? 0 : Math.min(...seqs)}`;
              },
            }
          : null,
      [ready, runId, stores],
    ),
  );
  useLiveEvents((event, topic) => {
    if (topic !== runId) return;
    if (event.type === "output") {
      void storeOf(event.attempt, "all").open(null);
      for (const store of stores.get(event.attempt)?.values() ?? []) store.take(event.chunks);
    } else if (event.type === "behind") {
      for (const store of stores.get(event.attempt)?.values() ?? []) store.skipTo(event);
    }
    applyRunEvent(queryClient, trpc, runId, event);
  });
  // What could not be loaded while the server was away can be now.
  useLiveGap(() => {
    for (const views of stores.values()) for (const store of views.values()) if (store.snapshot().state === "error") store.retry();
  });
  return storeOf;
}

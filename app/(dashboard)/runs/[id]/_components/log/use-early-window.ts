"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { RefObject } from "react";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { LinesPage } from "#server/contracts/log.ts";

import { earlyWindowOf } from "./early-window.ts";

/** The end of the last attempt's output, under way; null when it was taken, or could not be had. */
export type EarlyWindow = RefObject<Promise<LinesPage | null> | null>;

/** The end of a run's output as it came with the page, or else asked for in the same request as the run, where the page is to begin there. */
export function useEarlyWindow(runId: string, wanted: boolean): EarlyWindow {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = trpc.runs.lines.queryOptions(earlyWindowOf(runId));
  const sent = queryClient.getQueryData(query.queryKey);
  // At once: what is below asks for it before effects of this run.
  const early: EarlyWindow = useRef(sent === undefined ? null : Promise.resolve(sent));
  useEffect(() => {
    // Taken once: whoever opens the run again begins at its end of then.
    queryClient.removeQueries({ queryKey: query.queryKey, exact: true });
    if (!wanted || sent !== undefined) return;
    // What fails here is asked for again, and said, by who needs it.
    early.current = queryClient.fetchQuery({ ...query, staleTime: 0, gcTime: 0, retry: false }).catch(() => null);
    // Once, when the page is opened.
  }, [runId]); // oxlint-disable-line react-hooks/exhaustive-deps
  return early;
}

"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { RefObject } from "react";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { LinesPage } from "#server/contracts/log.ts";

import { WINDOW_ROWS } from "./log-store.ts";

/** The end of the last attempt's output, under way; null when it was taken, or could not be had. */
export type EarlyWindow = RefObject<Promise<LinesPage | null> | null>;

/** Asks for the end of a run's output in the same request as for the run, where the page is to begin there: one round trip less. */
export function useEarlyWindow(runId: string, wanted: boolean): EarlyWindow {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const early: EarlyWindow = useRef(null);
  useEffect(() => {
    if (!wanted) return;
    const query = trpc.runs.lines.queryOptions({ id: runId, view: "all", from: -WINDOW_ROWS, count: WINDOW_ROWS });
    // What fails here is asked for again, and said, by who needs it.
    early.current = queryClient.fetchQuery({ ...query, staleTime: 0, gcTime: 0, retry: false }).catch(() => null);
    // Once, when the page is opened.
  }, [runId]); // oxlint-disable-line react-hooks/exhaustive-deps
  return early;
}

"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { useLiveEvents } from "#app/_live/live-provider.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

/** What is on screen is read again at most this often, however many runs change: a person reads no faster. */
const REFRESH_MS = 2_000;

/** Reads the Overview again after runs changed. */
export function useLiveOverview(): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvents((event) => {
    if (event.type !== "runs" && event.type !== "dead-letter-groups") return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queryClient.invalidateQueries({ queryKey: trpc.overview.pathKey() });
    }, REFRESH_MS);
  });
}

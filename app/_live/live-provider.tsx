"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";

import { useTRPC } from "../_trpc/client.tsx";
import { applyEvent, refreshAfterConnect } from "./apply-event.ts";
import { createLiveConnection } from "./connection.ts";
import type { LiveConnection, LiveEvent, LiveState, LiveTopic } from "./connection.ts";

/** `runId`: the run whose stream brought it, if any. */
type Listener = (event: LiveEvent, runId: string | null) => void;
type Live = {
  setTopic: (topic: LiveTopic | null) => void;
  listen: (listener: Listener) => () => void;
  /** Called after the stream came back and something may have been missed. */
  onGap: (listener: () => void) => () => void;
};

const LiveContext = createContext<Live | null>(null);
const LiveStateContext = createContext<LiveState>("connecting");

/** Holds the tab's one event stream: writes what it tells into the query cache, and hands it on to who listens. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  const connection = useRef<LiveConnection | null>(null);
  const topic = useRef<LiveTopic | null>(null);
  const [listeners] = useState(() => new Set<Listener>());
  const [gapListeners] = useState(() => new Set<() => void>());

  useEffect(() => {
    const live = createLiveConnection({
      open: (url) => new EventSource(url),
      onState: setState,
      onEvent: (event, runId) => {
        applyEvent(queryClient, trpc, event);
        for (const listener of listeners) listener(event, runId);
        if (event.type === "refresh") for (const listener of gapListeners) listener();
      },
      onConnected: ({ gap, runId }) => {
        refreshAfterConnect(queryClient, trpc, gap, runId);
        if (gap) for (const listener of gapListeners) listener();
      },
    });
    connection.current = live;
    live.setTopic(topic.current);
    const visibility = () => live.setHidden(document.hidden);
    const online = () => live.retryNow();
    visibility();
    document.addEventListener("visibilitychange", visibility);
    window.addEventListener("online", online);
    return () => {
      document.removeEventListener("visibilitychange", visibility);
      window.removeEventListener("online", online);
      live.close();
      connection.current = null;
    };
  }, [queryClient, trpc, listeners, gapListeners]);

  const live = useMemo<Live>(
    () => ({
      setTopic: (next) => {
        topic.current = next;
        connection.current?.setTopic(next);
      },
      listen: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      onGap: (listener) => {
        gapListeners.add(listener);
        return () => void gapListeners.delete(listener);
      },
    }),
    [listeners, gapListeners],
  );

  return (
    <LiveContext value={live}>
      <LiveStateContext value={state}>{children}</LiveStateContext>
    </LiveContext>
  );
}

function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error("Live hooks work inside LiveProvider only.");
  return live;
}

/** Whether the page is live. */
export function useLiveState(): LiveState {
  return use(LiveStateContext);
}

/** Adds a run's events to the stream while mounted; null while it isn't known which cursor to start from. */
export function useLiveTopic(topic: LiveTopic | null): void {
  const live = useLive();
  useEffect(() => {
    if (topic === null) return;
    live.setTopic(topic);
    return () => live.setTopic(null);
  }, [live, topic]);
}

/** Hears every event of the stream while mounted. */
export function useLiveEvents(listener: Listener): void {
  const live = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => live.listen((event, runId) => latest.current(event, runId)), [live]);
}

/** Called whenever events may have been missed. */
export function useLiveGap(listener: () => void): void {
  const live = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => live.onGap(() => latest.current()), [live]);
}

"use client";

import { useSyncExternalStore } from "react";

/** One clock for everything on the page that counts time: a tick a second, none while nobody looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function tick(): void {
  if (document.hidden) return;
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

const idle = () => () => undefined;

/** The time of the shared clock, in milliseconds; null while rendering on the server. `ticking: false` freezes it, for what has ended. */
export function useNow(ticking = true): number | null {
  return useSyncExternalStore(
    ticking ? subscribe : idle,
    () => now,
    () => null,
  );
}

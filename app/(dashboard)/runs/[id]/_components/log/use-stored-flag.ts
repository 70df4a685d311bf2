"use client";

import { useState, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A choice that this browser keeps, off at first; where it may keep nothing it lasts as long as the page. */
export function useStoredFlag(name: string): [flag: boolean, toggle: () => void] {
  const [own, setOwn] = useState(false);
  const stored = useSyncExternalStore(
    subscribe,
    () => read(name),
    () => false,
  );
  const flag = stored ?? own;
  const toggle = () => {
    setOwn(!flag);
    try {
      localStorage.setItem(name, flag ? "0" : "1");
    } catch {
      // Storage is full or forbidden: it is kept in `own`.
    }
    for (const listener of listeners) listener();
  };
  return [flag, toggle];
}

function read(name: string): boolean | null {
  try {
    return localStorage.getItem(name) === "1";
  } catch {
    return null;
  }
}

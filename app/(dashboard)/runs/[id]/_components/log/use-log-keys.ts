"use client";

import { useEffect, useRef } from "react";

export type LogKeys = { follow: () => void; search: () => void; next: () => void; previous: () => void };

/** `f` follows or pauses, `/` searches, `n` and `N` go from match to match, as long as nobody types. */
export function useLogKeys(keys: LogKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]")) return;
      const act = { f: latest.current.follow, "/": latest.current.search, n: latest.current.next, N: latest.current.previous }[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

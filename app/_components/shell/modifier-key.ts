"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** What the key for commands is called on this machine: `⌘` on Apple's, else `Ctrl`. */
export function useModifierKey(): string {
  return useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl"),
    () => "Ctrl",
  );
}

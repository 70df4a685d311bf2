"use client";

import { useEffect, useRef } from "react";

import { isPlainKey, isTyping } from "./is-typing.ts";
import { areShortcutsOn } from "./shortcut-switch.ts";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

/**
 * Keys of a page, by `event.key`, while it is mounted. They do nothing while someone types, in dialogs and menus, with
 * modifiers, and when shortcuts are switched off; add what they do to `SHORTCUTS` so that the `?` sheet tells of them.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (act === undefined || event.defaultPrevented || !isPlainKey(event) || isTyping(event.target)) return;
      // Escape and its like are no characters: nobody types them by accident.
      if (event.key.length === 1 && !areShortcutsOn()) return;
      act(event);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

"use client";

import { useSyncExternalStore } from "react";

const KEY = "corral:shortcuts";
const CHANGED = "corral:shortcuts-changed";

/** Shortcuts of one character can be switched off (WCAG 2.1.4): speech control types letters by accident. Kept in this browser. */
export function areShortcutsOn(): boolean {
  try {
    return window.localStorage.getItem(KEY) !== "off";
  } catch (error) {
    // Storage is closed to us: nobody can have switched them off.
    if (error instanceof DOMException) return true;
    throw error;
  }
}

/** Switches them for this browser. */
export function setShortcutsOn(on: boolean): void {
  try {
    if (on) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, "off");
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  // "storage" tells of the other tabs.
  window.addEventListener("storage", listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener("storage", listener);
    window.removeEventListener(CHANGED, listener);
  };
}

/** Whether shortcuts of one character are on. */
export const useShortcutsOn = () => useSyncExternalStore(subscribe, areShortcutsOn, () => true);

"use client";

import { useEffect, useRef } from "react";

import { useRowKeys } from "#app/(dashboard)/runs/_components/use-row-keys.ts";

/** Fields and what lies over the page have these keys for themselves; a checkbox does not. */
const OWN_KEYS = "input:not([type=checkbox]), textarea, select, [role=dialog], [role=alertdialog], [role=menu]";

/**
 * `j` `k` move through rows, Enter opens, `x` ticks the row's checkbox as a click does (with Shift: a range), Escape lets go of the
 * selection. A row says that it is one by `data-row-key`, its link or button by `data-row-link`.
 */
export function useTriageKeys(onClear: () => void): void {
  useRowKeys();
  const latest = useRef(onClear);
  useEffect(() => {
    latest.current = onClear;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!(event.target instanceof Element) || event.target.closest(OWN_KEYS) !== null) return;
      if (event.key === "Escape") return latest.current();
      if (event.key.toLowerCase() !== "x") return;
      const box = event.target.closest("[data-row-key]")?.querySelector("input[type=checkbox]");
      box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

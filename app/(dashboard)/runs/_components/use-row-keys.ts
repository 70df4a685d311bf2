"use client";

import { useEffect } from "react";

/** `j` and `k` move the focus through the rows' links; Enter then follows it as on any link. Never while typing. */
export function useRowKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.key !== "j" && event.key !== "k") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]")) return;
      const links = [...document.querySelectorAll<HTMLElement>("[data-row-link]")];
      const at = links.findIndex((link) => link === document.activeElement);
      const next = links[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

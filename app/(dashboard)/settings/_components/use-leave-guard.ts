"use client";

import { useEffect, useState } from "react";

/**
 * While `active`, leaving needs a word: the browser asks before the page is closed or reloaded, and a click on a link
 * is held in `heldHref` until it is followed or dropped.
 */
export function useLeaveGuard(active: boolean) {
  const [heldHref, setHeldHref] = useState<string | null>(null);
  useEffect(() => {
    if (!active) return;
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    const click = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
      if (link === null || link.target === "_blank" || link.hasAttribute("download")) return;
      const url = new URL(link.href);
      // Other sites and full loads are asked about by the browser; a place on this page is no leaving.
      if (url.origin !== window.location.origin || (url.pathname === window.location.pathname && url.search === window.location.search)) return;
      event.preventDefault();
      event.stopPropagation();
      setHeldHref(url.pathname + url.search + url.hash);
    };
    window.addEventListener("beforeunload", unload);
    document.addEventListener("click", click, { capture: true });
    return () => {
      window.removeEventListener("beforeunload", unload);
      document.removeEventListener("click", click, { capture: true });
    };
  }, [active]);
  return { heldHref, drop: () => setHeldHref(null) };
}

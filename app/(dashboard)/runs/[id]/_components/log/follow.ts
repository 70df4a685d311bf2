"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";

/** Closer than this to the end counts as at the end. */
const NEAR_END_PX = 24;
const KEYS_UP = ["ArrowUp", "PageUp", "Home"];

/**
 * Keeps a scrolled box at its end while `rows` grows, until the reader goes up; scrolling to the end again resumes. `unread` is what
 * came since the pause.
 */
export function useFollow(box: RefObject<HTMLElement | null>, rows: number, version: number, initially: boolean) {
  const [following, setFollowing] = useState(initially);
  const [pausedAt, setPausedAt] = useState(0);
  const lastTop = useRef(0);
  const latestRows = useRef(rows);
  useEffect(() => {
    latestRows.current = rows;
  });

  const pause = () => {
    setFollowing((was) => {
      if (was) setPausedAt(latestRows.current);
      return false;
    });
  };
  const follow = () => {
    setFollowing(true);
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (!following || element === null) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }, [box, following, version]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const scrolled = () => {
      const moved = element.scrollTop - lastTop.current;
      lastTop.current = element.scrollTop;
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_END_PX;
      if (moved > 0 && atEnd) setFollowing(true);
      else if (moved < -1 && !atEnd) pause();
    };
    // What asks to go up is obeyed before the box has moved: at thousands of lines a second it would never get away from the end.
    const isScrollable = () => element.scrollHeight > element.clientHeight;
    const wheeled = (event: WheelEvent) => {
      if (event.deltaY < 0 && isScrollable()) pause();
    };
    const pressed = (event: KeyboardEvent) => {
      if (!KEYS_UP.includes(event.key) || !isScrollable()) return;
      pause();
      if (event.key !== "Home" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      // At once: the browser's own glide to the top is dropped now and then by what is printed meanwhile.
      event.preventDefault();
      element.scrollTop = 0;
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    element.addEventListener("wheel", wheeled, { passive: true });
    element.addEventListener("keydown", pressed);
    return () => {
      element.removeEventListener("scroll", scrolled);
      element.removeEventListener("wheel", wheeled);
      element.removeEventListener("keydown", pressed);
    };
  }, [box]);

  return { following, unread: following ? 0 : Math.max(0, rows - pausedAt), follow, pause };
}

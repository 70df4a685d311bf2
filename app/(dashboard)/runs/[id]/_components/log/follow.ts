"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";

/** Closer than this to the end counts as at the end. */
const NEAR_END_PX = 24;

/**
 * Keeps a scrolled box at its end while `count` grows, until the reader scrolls up; scrolling to the end again resumes.
 * `unread` is what came since the pause.
 */
export function useFollow(box: RefObject<HTMLElement | null>, count: number, version: number) {
  const [following, setFollowing] = useState(true);
  const [pausedAt, setPausedAt] = useState(0);
  const lastTop = useRef(0);

  const pause = () => {
    setPausedAt(count);
    setFollowing(false);
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
    // Rows that are measured only now make the content taller after this frame.
    const frame = requestAnimationFrame(() => {
      element.scrollTop = element.scrollHeight;
      lastTop.current = element.scrollTop;
    });
    return () => cancelAnimationFrame(frame);
  }, [box, following, version]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const scrolled = () => {
      const movedUp = element.scrollTop < lastTop.current - 1;
      lastTop.current = element.scrollTop;
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_END_PX;
      if (atEnd) setFollowing(true);
      else if (movedUp) {
        setFollowing((was) => {
          if (was) setPausedAt(count);
          return false;
        });
      }
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => element.removeEventListener("scroll", scrolled);
  }, [box, count]);

  return { following, unread: following ? 0 : Math.max(0, count - pausedAt), follow, pause };
}

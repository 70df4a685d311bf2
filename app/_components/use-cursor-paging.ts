"use client";

import { useState } from "react";

type Paging = {
  /** Of the page that is shown; null is the first. */
  cursor: string | null;
  /** Of the page after it, as the server told; null when there is none. */
  nextCursor: string | null | undefined;
  onPage: (cursor: string | null) => void;
};

/**
 * Newer and older pages of a list whose server only knows the next: the way back is remembered here, and after a reload it leads
 * to the first page. What leads nowhere is undefined, as `Pagination` takes it.
 */
export function useCursorPaging({ cursor, nextCursor, onPage }: Paging) {
  const [trail, setTrail] = useState<(string | null)[]>([]);
  const isThereMore = nextCursor !== null && nextCursor !== undefined;
  return {
    onPrevious:
      cursor === null
        ? undefined
        : () => {
            onPage(trail.at(-1) ?? null);
            setTrail(trail.slice(0, -1));
          },
    onNext: isThereMore
      ? () => {
          setTrail([...trail, cursor]);
          onPage(nextCursor);
        }
      : undefined,
    isNeeded: cursor !== null || isThereMore,
  };
}

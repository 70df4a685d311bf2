"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";

import { ROW_PX, anchorOf, contentHeight, rowsInSight, windowOf } from "./anchor.ts";
import type { Scroll } from "./anchor.ts";
import { LogRow } from "./log-row.tsx";
import type { RowActions, RowLook } from "./log-row.tsx";
import type { LogStore } from "./log-store.ts";

type LogRowsProps = {
  store: LogStore;
  rows: number;
  box: RefObject<HTMLDivElement | null>;
  /** The box is kept at its end. */
  following: boolean;
  look: RowLook;
  /** A line by its number, and a row. */
  picked: number | null;
  found: number | null;
  actions: RowActions;
};

/** The rows in sight: which they are follows from the scroll position alone, so that the length of the log costs nothing. */
export function LogRows({ store, rows, box, following, look, picked, found, actions }: LogRowsProps) {
  const [view, setView] = useState({ height: 0, first: 0, end: 0 });
  const block = useRef<HTMLDivElement>(null);
  const { wrap } = look;
  // At the end the window follows from the count: waiting for the scroll event would leave a frame empty at every burst.
  const { first, end } = following ? windowOf({ top: Number.MAX_SAFE_INTEGER, height: view.height, count: rows }) : view;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const moved = () => {
      const scroll = scrollOf(element, rows);
      const sight = rowsInSight(scroll);
      store.show(sight.first + 1, sight.end);
      const next = { ...windowOf(scroll), height: scroll.height };
      setView((old) => (old.first === next.first && old.end === next.end && old.height === next.height ? old : next));
      place(element, block.current, { rows, first, wrap });
    };
    moved();
    element.addEventListener("scroll", moved, { passive: true });
    const resized = new ResizeObserver(moved);
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", moved);
      resized.disconnect();
    };
  }, [box, store, rows, first, wrap]);

  useLayoutEffect(() => {
    if (box.current !== null) place(box.current, block.current, { rows, first, wrap });
  });

  const drawn = [];
  for (let index = first; index < Math.min(end, rows); index += 1) {
    const line = store.line(index + 1);
    drawn.push(
      <div key={index} data-row={index + 1} className={wrap ? undefined : "h-5"}>
        <LogRow
          line={line}
          number={index + 1}
          look={look}
          isPicked={line !== undefined && line.line === picked}
          isFound={index + 1 === found}
          actions={actions}
        />
      </div>,
    );
  }
  return (
    <div className="relative min-w-full [overflow-y:clip]" style={{ height: contentHeight(rows) }}>
      <div ref={block} className={wrap ? "absolute top-0 left-0 w-full" : "absolute top-0 left-0 w-max min-w-full"}>
        {drawn}
      </div>
    </div>
  );
}

const scrollOf = (element: HTMLElement, count: number): Scroll => ({ top: element.scrollTop, height: element.clientHeight, count });

/** Puts the drawn rows where the scroll position wants them. */
function place(box: HTMLElement, block: HTMLElement | null, { rows, first, wrap }: { rows: number; first: number; wrap: boolean }): void {
  if (block === null) return;
  const { row, y } = anchorOf(scrollOf(box, rows));
  let offset = (row - first) * ROW_PX;
  if (wrap) {
    // Their heights are known once they are drawn. The end of the last row is a place too.
    const index = Math.max(0, Math.min(Math.floor(row) - first, block.children.length - 1));
    const at = block.children[index];
    if (!(at instanceof HTMLElement)) return;
    offset = at.offsetTop + at.offsetHeight * Math.min(1, Math.max(0, row - first - index));
  }
  block.style.transform = `translateY(${Math.max(0, Math.round(box.scrollTop + y - offset))}px)`;
}

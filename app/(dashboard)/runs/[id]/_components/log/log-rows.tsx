"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useState } from "react";
import type { RefObject } from "react";

import { LogRow } from "./log-row.tsx";
import type { LogLine } from "./split-lines.ts";
import { ROW_PX, windowOf } from "./window-of.ts";
import type { RowWindow } from "./window-of.ts";

type LogRowsProps = { lines: readonly LogLine[]; box: RefObject<HTMLDivElement | null> };

/** Rows of one height: which of them are in sight is a division, so that the length of the log costs nothing. */
export function FixedRows({ lines, box }: LogRowsProps) {
  const [{ first, end }, setWindow] = useState<RowWindow>({ first: 0, end: 0 });
  const count = lines.length;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => {
      const next = windowOf(element.scrollTop, element.clientHeight, count);
      setWindow((old) => (old.first === next.first && old.end === next.end ? old : next));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [box, count]);
  return (
    <div className="relative min-w-full" style={{ height: count * ROW_PX }}>
      <div className="absolute top-0 left-0 w-max min-w-full" style={{ transform: `translateY(${first * ROW_PX}px)` }}>
        {lines.slice(first, end).map((line, index) => (
          <div key={first + index} data-row={first + index + 1} className="h-5">
            <LogRow line={line} number={first + index + 1} wrap={false} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** Rows as high as their wrapped text: each is measured when it comes into sight. */
export function WrappedRows({ lines, box }: LogRowsProps) {
  const virtualizer = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 12 });
  return (
    <div className="relative min-w-full" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map((item) => {
        const line = lines[item.index];
        return (
          line && (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              data-row={item.index + 1}
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogRow line={line} number={item.index + 1} wrap />
            </div>
          )
        );
      })}
    </div>
  );
}

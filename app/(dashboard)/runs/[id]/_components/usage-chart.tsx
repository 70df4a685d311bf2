"use client";

import { useId, useState } from "react";

import { cx } from "#app/_components/ui/cx.ts";
import { formatDuration } from "#server/contracts/units.ts";

import { linePath, thinned } from "./chart-scale.ts";
import type { Point } from "./chart-scale.ts";

const WIDTH = 600;
const HEIGHT = 88;
const MAX_POINTS = 300;

type UsageChartProps = {
  title: string;
  points: Point[];
  limit: number;
  format: (value: number) => string;
  tone: "info" | "success";
};

/** A quantity over an attempt's time against its dashed limit. What the picture shows is also said in words. */
export function UsageChart({ title, points, limit, format, tone }: UsageChartProps) {
  const titleId = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const shown = thinned(points, MAX_POINTS);
  const peak = points.reduce((highest, point) => Math.max(highest, point.value), 0);
  const maxMs = Math.max(1, points.at(-1)?.atMs ?? 1);
  // A limit far above the use would flatten the line to nothing: then the use sets the scale, and the limit is only said.
  const limitFits = peak > limit * 0.2;
  const box = { width: WIDTH, height: HEIGHT, maxMs, maxValue: (limitFits ? Math.max(limit, peak) : Math.max(peak, Number.EPSILON)) * 1.08 };
  // One sample is all there is of a short attempt: drawn level over its time.
  const only = shown.length === 1 ? shown[0] : undefined;
  const drawn = only === undefined ? shown : [{ ...only, atMs: 0 }, only];
  const path = linePath(drawn, box);
  const limitY = HEIGHT - (limit / box.maxValue) * HEIGHT;
  const at =
    cursor === null
      ? undefined
      : shown.reduce<Point | undefined>(
          (nearest, point) => (nearest === undefined || Math.abs(point.atMs - cursor) < Math.abs(nearest.atMs - cursor) ? point : nearest),
          undefined,
        );
  return (
    <figure aria-labelledby={titleId} className="flex min-w-0 flex-col gap-1.5">
      <figcaption className="flex items-baseline justify-between gap-3 text-xs">
        <span id={titleId} className="font-medium">
          {title}
          <span className="sr-only">
            {points.length === 0 ? ": no samples" : `: peak ${format(peak)} of a limit of ${format(limit)}, over ${formatDuration(maxMs)}`}
          </span>
        </span>
        <span aria-hidden className="truncate text-fg-subtle">
          {at ? `${format(at.value)} at ${formatDuration(at.atMs)}` : points.length === 0 ? "" : `peak ${format(peak)} · limit ${format(limit)}`}
        </span>
      </figcaption>
      <div className="relative h-24 overflow-hidden rounded-md border border-line bg-inset">
        {shown.length === 0 ? (
          <p aria-hidden className="flex h-full items-center justify-center text-xs text-fg-subtle">
            No samples
          </p>
        ) : (
          <svg
            aria-hidden
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className={cx("size-full", tone === "info" ? "text-info-mark" : "text-success-mark")}
            onPointerMove={(event) => {
              const frame = event.currentTarget.getBoundingClientRect();
              setCursor(((event.clientX - frame.left) / frame.width) * maxMs);
            }}
            onPointerLeave={() => setCursor(null)}
          >
            <path
              d={`${path} L${((drawn.at(-1)?.atMs ?? 0) / maxMs) * WIDTH} ${HEIGHT} L${((drawn[0]?.atMs ?? 0) / maxMs) * WIDTH} ${HEIGHT} Z`}
              className="fill-current opacity-15"
            />
            <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
            {limitFits && (
              <line
                x1="0"
                x2={WIDTH}
                y1={limitY}
                y2={limitY}
                className="stroke-danger-mark"
                strokeWidth="1"
                strokeDasharray="4 4"
                vectorEffect="non-scaling-stroke"
              />
            )}
            {at && (
              <line
                x1={(at.atMs / maxMs) * WIDTH}
                x2={(at.atMs / maxMs) * WIDTH}
                y1="0"
                y2={HEIGHT}
                className="stroke-fg-subtle"
                strokeWidth="1"
                vectorEffect="non-scaling-stroke"
              />
            )}
          </svg>
        )}
      </div>
    </figure>
  );
}

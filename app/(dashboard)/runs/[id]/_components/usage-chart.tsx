"use client";

import { useId } from "react";
import type { KeyboardEvent, PointerEvent } from "react";

import { cx } from "#app/_components/ui/cx.ts";
import { formatDuration } from "#server/contracts/units.ts";

import { linePath, nearestPoint, thinned } from "./chart-scale.ts";
import type { Point, Stretch } from "./chart-scale.ts";

const WIDTH = 600;
const HEIGHT = 88;
const MAX_POINTS = 300;
/** A key moves the cursor by so much of the time shown. */
const KEY_STEP = 1 / 50;
/** Below this share of its limit a line would be flattened to nothing: then the use sets the scale, and the limit lies above it. */
const LIMIT_SHARE = 0.2;

type UsageChartProps = {
  title: string;
  points: Point[];
  limit: number;
  format: (value: number) => string;
  tone: "info" | "success";
  /** The time the picture spans: the same in every chart of an attempt. */
  maxMs: number;
  /** The moment that is pointed at, in whichever chart. */
  cursorMs: number | null;
  onCursor: (atMs: number | null) => void;
  onMoment: (atMs: number) => void;
  throttled?: Stretch[];
  oomAtMs?: number | null;
};

/** A quantity over an attempt's time against its dashed limit. What the picture shows is also said in words. */
export function UsageChart({ title, points, limit, format, tone, maxMs, cursorMs, onCursor, onMoment, throttled = [], oomAtMs = null }: UsageChartProps) {
  const titleId = useId();
  const shown = thinned(points, MAX_POINTS);
  const peak = points.reduce((highest, point) => Math.max(highest, point.value), 0);
  const limitFits = peak > limit * LIMIT_SHARE;
  const box = { width: WIDTH, height: HEIGHT, maxMs, maxValue: (limitFits ? Math.max(limit, peak) : Math.max(peak, Number.EPSILON)) * 1.08 };
  // One sample is all there is of a short attempt: drawn level over its time.
  const only = shown.length === 1 ? shown[0] : undefined;
  const drawn = only === undefined ? shown : [{ ...only, atMs: 0 }, only];
  const path = linePath(drawn, box);
  const limitY = limitFits ? HEIGHT - (limit / box.maxValue) * HEIGHT : 1;
  const xOf = (atMs: number) => (Math.min(atMs, maxMs) / maxMs) * WIDTH;
  const at = cursorMs === null ? undefined : nearestPoint(shown, cursorMs);

  const momentOf = (event: PointerEvent) => {
    const frame = event.currentTarget.getBoundingClientRect();
    return Math.round(Math.min(1, Math.max(0, (event.clientX - frame.left) / frame.width)) * maxMs);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const edge = { Home: 0, End: maxMs }[event.key];
    if (event.key === "Enter" && cursorMs !== null) onMoment(cursorMs);
    else if (step !== undefined) onCursor(Math.round(Math.min(maxMs, Math.max(0, (cursorMs ?? 0) + step * KEY_STEP * maxMs))));
    else if (edge !== undefined) onCursor(edge);
    else return;
    event.preventDefault();
  };

  return (
    <figure aria-labelledby={titleId} className="flex min-w-0 flex-col gap-1.5">
      <figcaption className="flex items-baseline justify-between gap-3 text-xs">
        <span id={titleId} className="font-medium">
          {title}
          <span className="sr-only">{inWords({ points, peak, limit, format, maxMs, throttled, oomAtMs })}</span>
        </span>
        <span aria-hidden className="truncate text-fg-subtle">
          {at
            ? `${format(at.value)} at ${formatDuration(at.atMs)}`
            : points.length === 0
              ? ""
              : `peak ${format(peak)} · limit ${format(limit)}${limitFits ? "" : ", above this scale"}`}
        </span>
      </figcaption>
      <div
        role="slider"
        aria-label={`${title} at a moment; Enter shows the output of it`}
        aria-valuemin={0}
        aria-valuemax={Math.round(maxMs)}
        aria-valuenow={at?.atMs ?? 0}
        aria-valuetext={at ? `${format(at.value)} at ${formatDuration(at.atMs)}` : points.length === 0 ? "No samples" : "No moment chosen"}
        aria-disabled={points.length === 0}
        tabIndex={0}
        title={points.length === 0 ? undefined : "Click to show the output of that moment"}
        className={cx("relative h-24 overflow-hidden rounded-md border border-line bg-inset", points.length > 0 && "cursor-crosshair")}
        onPointerMove={(event) => onCursor(momentOf(event))}
        onPointerLeave={() => onCursor(null)}
        onClick={(event) => {
          if (points.length > 0 && event.detail > 0) onMoment(momentOf(event as unknown as PointerEvent));
        }}
        onKeyDown={press}
      >
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
          >
            <path d={`${path} L${xOf(drawn.at(-1)?.atMs ?? 0)} ${HEIGHT} L${xOf(drawn[0]?.atMs ?? 0)} ${HEIGHT} Z`} className="fill-current opacity-15" />
            <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
            {throttled.map(({ fromMs, toMs }) => (
              <rect key={fromMs} x={xOf(fromMs)} y={HEIGHT - 4} width={Math.max(2, xOf(toMs) - xOf(fromMs))} height="4" className="fill-warning-mark" />
            ))}
            <Line horizontal at={limitY} className="stroke-danger-mark" dashed />
            {oomAtMs !== null && <Line at={Math.min(WIDTH - 1, xOf(oomAtMs))} className="stroke-danger-mark" />}
            {cursorMs !== null && <Line at={xOf(at?.atMs ?? cursorMs)} className="stroke-fg-subtle" />}
          </svg>
        )}
        {oomAtMs !== null && shown.length > 0 && (
          <span aria-hidden className="absolute top-1 right-1 rounded-xs bg-danger-soft px-1 text-2xs font-medium text-danger-fg">
            OOM
          </span>
        )}
        {throttled.length > 0 && (
          <span aria-hidden className="absolute right-1 bottom-1.5 rounded-xs bg-warning-soft px-1 text-2xs font-medium text-warning-fg">
            throttled
          </span>
        )}
      </div>
    </figure>
  );
}

function Line({ at, horizontal = false, dashed = false, className }: { at: number; horizontal?: boolean; dashed?: boolean; className: string }) {
  const ends = horizontal ? { x1: 0, x2: WIDTH, y1: at, y2: at } : { x1: at, x2: at, y1: 0, y2: HEIGHT };
  return <line {...ends} className={className} strokeWidth="1" {...(dashed ? { strokeDasharray: "4 4" } : {})} vectorEffect="non-scaling-stroke" />;
}

type Words = Pick<UsageChartProps, "points" | "limit" | "format" | "maxMs"> & { peak: number; throttled: Stretch[]; oomAtMs: number | null };

/** The picture for those who don't see it. */
function inWords({ points, peak, limit, format, maxMs, throttled, oomAtMs }: Words): string {
  if (points.length === 0) return ": no samples";
  const first = points[0]?.value ?? 0;
  const last = points.at(-1)?.value ?? 0;
  const throttledMs = throttled.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return [
    `: from ${format(first)} to ${format(last)} over ${formatDuration(maxMs)}, peak ${format(peak)} of a limit of ${format(limit)}`,
    throttledMs > 0 ? `, held back by its limit for part of ${formatDuration(throttledMs)}` : "",
    oomAtMs === null ? "" : ", killed by the kernel for lack of memory at the end",
  ].join("");
}

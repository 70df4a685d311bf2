import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import type { HistogramBar } from "#server/contracts/overview.ts";
import { OUTCOMES } from "#server/contracts/statuses.ts";
import { COUNTED_MAX } from "#server/contracts/units.ts";

export type SeriesName = keyof HistogramBar["counts"];

const mixed = (one: string, share: number, other: string) => `color-mix(in oklab, var(--${one}-mark) ${share}%, var(--${other}-mark))`;

/** From the bottom of a bar to its top: what went well, what is not over, what a person ended, what failed. */
const COLORS: Record<SeriesName, string> = {
  succeeded: "var(--success-mark)",
  open: "var(--info-mark)",
  cancelled: "var(--neutral-mark)",
  timeout: "var(--warning-mark)",
  output_limit: mixed("warning", 55, "neutral"),
  worker_lost: mixed("info", 45, "neutral"),
  internal_error: mixed("info", 45, "warning"),
  exit_nonzero: "var(--danger-mark)",
  signal: mixed("danger", 55, "warning"),
  spawn_error: mixed("danger", 50, "neutral"),
  out_of_memory: "var(--dead-mark)",
  process_limit: mixed("dead", 55, "neutral"),
  disk_limit: mixed("dead", 55, "info"),
};

export type Series = { name: SeriesName; label: string; color: string };

/** The parts of a bar, from its bottom up. */
export const SERIES: Series[] = (Object.keys(COLORS) as SeriesName[]).map((name) => ({
  name,
  label: name === "open" ? "Not ended" : OUTCOME_LOOKS[name].label,
  color: COLORS[name],
}));

/** How many runs a bar stands for; `more`: some part of it was not counted to its end. */
export function totalOf(bars: readonly HistogramBar[], names: readonly SeriesName[] = ["open", ...OUTCOMES]): { count: number; more: boolean } {
  let count = 0;
  let more = false;
  for (const { counts } of bars) {
    for (const name of names) {
      const part = counts[name] ?? 0;
      count += part;
      more ||= part >= COUNTED_MAX;
    }
  }
  return { count, more };
}

/** `1,234`, or `10,000+` where there are more. */
export const totalText = ({ count, more }: { count: number; more: boolean }) => `${count.toLocaleString("en-US")}${more ? "+" : ""}`;

/** `118 succeeded, 2 timed out`; the parts of some bars in words. */
export function partsText(bars: readonly HistogramBar[]): string {
  const parts = SERIES.flatMap(({ name, label }) => {
    const total = totalOf(bars, [name]);
    return total.count === 0 ? [] : [`${totalText(total)} ${label.toLowerCase()}`];
  });
  return parts.join(", ");
}

/** The next round number at or above a count, for the top of the scale. */
export function niceMaximum(count: number): number {
  if (count <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(count));
  const step = [1, 2, 4, 5, 10].find((factor) => factor * power >= count) ?? 10;
  return step * power;
}

import type { HistogramBar, HistogramRange } from "#server/contracts/overview.ts";

const HOUR = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" });
const DAY_AND_HOUR = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** What stands under a bar, in local time; null under most, so that nothing collides. */
export function tickOf(bars: readonly HistogramBar[], index: number, range: HistogramRange): string | null {
  const from = new Date(bars[index]?.from ?? 0);
  if (range === "1h") return index % 3 === 0 ? HOUR.format(from) : null;
  if (range === "24h") return index % 4 === 0 ? HOUR.format(from) : null;
  return index % 4 === 0 ? DAY.format(from) : null;
}

/** `14:00 to 15:00`, with the day where the chart covers several. */
export function spanText(from: string, to: string, range: HistogramRange): string {
  const format = range === "7d" ? DAY_AND_HOUR : HOUR;
  return `${format.format(new Date(from))} to ${format.format(new Date(to))}`;
}

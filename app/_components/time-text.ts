import { formatDuration } from "#server/contracts/units.ts";

const STEPS: [limitMs: number, divisor: number, unit: string][] = [
  [60 * 60_000, 60_000, "min"],
  [24 * 3_600_000, 3_600_000, "h"],
  [30 * 86_400_000, 86_400_000, "d"],
];

/** `14 s ago`, `3 min ago`, `in 2 h`; past a month, the date. */
export function relativeTime(at: string, now: number): string {
  const difference = Date.parse(at) - now;
  const distance = Math.abs(difference);
  if (distance < 60_000) {
    const seconds = Math.round(distance / 1000);
    // Clocks differ by a little: what was just made may lie in the future.
    if (seconds < 2 || (difference > 0 && seconds < 5)) return "just now";
    return directed(`${seconds} s`, difference);
  }
  for (const [limit, divisor, unit] of STEPS) {
    if (distance < limit) return directed(`${Math.floor(distance / divisor)} ${unit}`, difference);
  }
  return at.slice(0, 10);
}

const directed = (text: string, difference: number) => (difference > 0 ? `in ${text}` : `${text} ago`);

/** Time from a start to an end or to now, never negative when clocks differ. */
export function elapsedMs(startedAt: string, finishedAt: string | null, now: number | null): number {
  const start = Date.parse(startedAt);
  return Math.max(0, (finishedAt === null ? (now ?? start) : Date.parse(finishedAt)) - start);
}

/** A duration that ticks by whole seconds: `0 s`, `14 s`, `3 min 2 s`. */
export function tickingDuration(ms: number): string {
  return ms < 60_000 ? `${Math.floor(ms / 1000)} s` : formatDuration(ms);
}

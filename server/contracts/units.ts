import type { LimitName } from "./statuses.ts";

/** Sizes and durations as people read and write them. Free of Zod, so that the browser may import it for nothing. */

const BINARY_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Three significant digits, without trailing zeros. */
const trimmed = (value: number) => String(Number(value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)));

/** `268435456` → `256 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < BINARY_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${trimmed(value)} ${BINARY_UNITS[unit]}`;
}

/** `5400000` → `1 h 30 min`; below a minute `14 s`, below ten seconds `2.4 s`, below a second `350 ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${trimmed(Math.round(ms / 100) / 10)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** `1500` → `1.5 cores`. */
export function formatCpu(millis: number): string {
  const cores = millis / 1000;
  return `${trimmed(cores)} ${cores === 1 ? "core" : "cores"}`;
}

/** A limit's value with its unit, by its name. */
export function formatLimit(name: LimitName, value: number): string {
  if (name === "timeoutMs") return formatDuration(value);
  if (name === "cpuMillis") return formatCpu(value);
  if (name === "pidsMax") return `${value} processes`;
  return formatBytes(value);
}

const SIZE_FACTORS: Record<string, number> = {
  "": 1,
  b: 1,
  k: 1024,
  kb: 1000,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1000 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1000 ** 3,
  gib: 1024 ** 3,
  t: 1024 ** 4,
  tb: 1000 ** 4,
  tib: 1024 ** 4,
};

/** `512M`, `1.5 GiB`, `65536` → bytes; null when it is none. `K M G T` are binary, as in `ulimit` and systemd. */
export function parseBytes(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const factor = SIZE_FACTORS[(match?.[2] ?? "?").toLowerCase()];
  return match === null || factor === undefined ? null : Math.round(Number(match[1]) * factor);
}

const DURATION_FACTORS: Record<string, number> = { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `1h30m`, `1 h 30 min`, `500ms` → milliseconds; a bare number is seconds; null when it is none. */
export function parseDuration(text: string): number | null {
  const compact = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(compact)) return Math.round(Number(compact) * 1000);
  if (!/^(\d+(\.\d+)?\s*(ms|sec|s|min|m|h|d)\s*)+$/.test(compact)) return null;
  let total = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)\s*(ms|sec|s|min|m|h|d)/g)) {
    total += Number(amount) * (DURATION_FACTORS[unit ?? ""] ?? 0);
  }
  return Math.round(total);
}

/** `1.5`, `1.5 cores`, `500m` → thousandths of a core; null when it is none. */
export function parseCpu(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(m|cores?)?\s*$/i.exec(text);
  if (match === null) return null;
  return Math.round(match[2]?.toLowerCase() === "m" ? Number(match[1]) : Number(match[1]) * 1000);
}

/** Nothing is counted further: a count that reaches this means as many or more. */
export const COUNTED_MAX = 10_000;

/** A count as text; with a plus where there may be more. @param complete false: only a part was looked at */
export function formatCounted(count: number, complete: boolean): string {
  return `${count.toLocaleString("en-US")}${count >= COUNTED_MAX || !complete ? "+" : ""}`;
}

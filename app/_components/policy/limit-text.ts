import { LIMIT_FLOORS } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";
import { formatLimit, parseBytes, parseCpu, parseDuration } from "#server/contracts/units.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type LimitKind = "duration" | "bytes" | "cpu" | "count";

/** How each limit is named, explained and offered. */
export const LIMIT_LOOKS: Record<LimitName, { label: string; hint: string; example: string; kind: LimitKind; presets: number[] }> = {
  timeoutMs: {
    label: "Timeout",
    hint: "Wall clock of one attempt",
    example: "90s or 1h30m",
    kind: "duration",
    presets: [30_000, 5 * MINUTE, 30 * MINUTE, HOUR],
  },
  memoryBytes: {
    label: "Memory",
    hint: "The whole process tree and its workspace",
    example: "512M or 1.5 GiB",
    kind: "bytes",
    presets: [256 * MIB, 512 * MIB, GIB, 2 * GIB, 4 * GIB],
  },
  cpuMillis: { label: "CPU", hint: "Bandwidth, in cores", example: "1.5 or 500m", kind: "cpu", presets: [500, 1000, 2000, 4000] },
  pidsMax: { label: "Processes", hint: "Processes and threads alive at once", example: "256", kind: "count", presets: [64, 256, 1024] },
  outputMaxBytes: {
    label: "Output",
    hint: "stdout and stderr kept; the middle is dropped past it",
    example: "10M",
    kind: "bytes",
    presets: [MIB, 10 * MIB, 100 * MIB],
  },
  diskMaxBytes: { label: "Disk", hint: "Size of the workspace", example: "512M", kind: "bytes", presets: [128 * MIB, 512 * MIB, 2 * GIB] },
};

/** A whole number; null when it is none. */
export function parseCount(text: string): number | null {
  const match = /^\s*(\d{1,15})(?:\s*processes)?\s*$/i.exec(text);
  return match === null ? null : Number(match[1]);
}

const PARSERS: Record<LimitKind, (text: string) => number | null> = { duration: parseDuration, bytes: parseBytes, cpu: parseCpu, count: parseCount };

/** What a person typed for a limit, in the limit's own unit; null when it can't be read. */
export function parseLimit(name: LimitName, text: string): number | null {
  return PARSERS[LIMIT_LOOKS[name].kind](text);
}

const BYTE_UNITS: [string, number][] = [
  ["GiB", GIB],
  ["MiB", MIB],
  ["KiB", 1024],
];

/** Bytes as text that reads back to the very same number. */
export function exactBytes(bytes: number): string {
  for (const [unit, factor] of BYTE_UNITS) {
    const text = `${Math.round((bytes / factor) * 100) / 100} ${unit}`;
    if (bytes >= factor && parseBytes(text) === bytes) return text;
  }
  return `${bytes} B`;
}

/** A duration as text that reads back to the very same number. */
export function exactDuration(ms: number): string {
  if (ms === 0) return "0 s";
  const parts: [number, string][] = [
    [Math.floor(ms / HOUR), "h"],
    [Math.floor(ms / MINUTE) % 60, "min"],
    [Math.floor(ms / 1000) % 60, "s"],
    [ms % 1000, "ms"],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** A limit's value as text for its field: reads back to the very same number, unlike the rounded text of `formatLimit`. */
export function exactLimit(name: LimitName, value: number): string {
  switch (LIMIT_LOOKS[name].kind) {
    case "duration":
      return exactDuration(value);
    case "bytes":
      return exactBytes(value);
    case "cpu":
      return `${value / 1000} ${value === 1000 ? "core" : "cores"}`;
    case "count":
      return String(value);
  }
}

/** What the settings say about a limit. */
export type LimitRange = { default: number; maximum: number };

/** What is wrong with the text of a limit. `above_maximum` has a remedy of its own: the maximum. */
export type LimitProblem = { kind: "unreadable" | "below_floor" | "above_maximum"; message: string };

/** The value of a limit's field, or what is wrong with it. Empty text leaves the limit to `default` (value null). */
export function readLimit(name: LimitName, text: string, range: Pick<LimitRange, "maximum">): { value: number | null; problem: LimitProblem | null } {
  if (text.trim() === "") return { value: null, problem: null };
  const { label, example } = LIMIT_LOOKS[name];
  const value = parseLimit(name, text);
  if (value === null || !Number.isSafeInteger(value)) {
    return { value: null, problem: { kind: "unreadable", message: `${label} can’t be read. Write it like ${example}.` } };
  }
  if (value > range.maximum) {
    return {
      value,
      problem: { kind: "above_maximum", message: `${label} is above the maximum of ${formatLimit(name, range.maximum)} set by the administrator.` },
    };
  }
  if (value < LIMIT_FLOORS[name]) {
    return { value, problem: { kind: "below_floor", message: `${label} must be at least ${formatLimit(name, LIMIT_FLOORS[name])}, or no script can start.` } };
  }
  return { value, problem: null };
}

const DURATION_STOPS = [1, 2, 5, 10, 15, 30]
  .map((s) => s * 1000)
  .concat(
    [1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
    [1, 2, 4, 6, 12, 24].map((h) => h * HOUR),
  );
const CPU_STOPS = [100, 250, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 24_000, 32_000, 48_000, 64_000, 96_000, 128_000];

/** Where the slider of a limit halts: round values between its floor and its maximum, and the maximum itself. */
export function sliderStops(name: LimitName, maximum: number): number[] {
  const { kind } = LIMIT_LOOKS[name];
  const stops = kind === "duration" ? DURATION_STOPS : kind === "cpu" ? CPU_STOPS : doublings(LIMIT_FLOORS[name], maximum);
  return [...stops.filter((stop) => stop < maximum), maximum];
}

function doublings(from: number, to: number): number[] {
  const values: number[] = [];
  for (let value = from; value < to; value *= 2) values.push(value);
  return values;
}

/** The stop nearest to a value by ratio, since the stops grow by ratio. */
export function nearestStop(stops: number[], value: number): number {
  let best = 0;
  stops.forEach((stop, index) => {
    if (Math.abs(Math.log(stop / value)) < Math.abs(Math.log((stops[best] ?? stop) / value))) best = index;
  });
  return best;
}

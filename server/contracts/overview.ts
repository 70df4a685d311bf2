import type { Outcome } from "./statuses.ts";

/** What the Overview shows. Free of Zod, so that the browser may import it for nothing. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How far back the histogram of outcomes looks, and in what steps. */
export const HISTOGRAM_SPANS = {
  "1h": { label: "1 h", bars: 12, stepMs: 5 * MINUTE_MS },
  "24h": { label: "24 h", bars: 24, stepMs: HOUR_MS },
  "7d": { label: "7 days", bars: 28, stepMs: 6 * HOUR_MS },
} as const;
export const HISTOGRAM_RANGES = ["1h", "24h", "7d"] as const satisfies readonly (keyof typeof HISTOGRAM_SPANS)[];
export type HistogramRange = (typeof HISTOGRAM_RANGES)[number];

/** Runs that were created from one moment to before another, by how their last attempt ended; `open`: none has ended yet. */
export type HistogramBar = { from: string; to: string; counts: Partial<Record<Outcome | "open", number>> };

export type TopGroup = {
  fingerprint: string;
  outcome: Outcome;
  title: string;
  /** Dead letters that are in it now, and those of them that died within the last 24 h; of neither is more than COUNTED_MAX counted. */
  count: number;
  arrived: number;
  lastSeenAt: string;
};

export type Overview = {
  /** No run was ever submitted. */
  isNew: boolean;
  /** Each counted up to COUNTED_MAX. */
  queued: number;
  running: number;
  retrying: number;
  /** Who waits longest for a worker; `since` a person or program last queued it. */
  oldestQueued: { id: string; name: string; since: string } | null;
  /** Of the runs created within 24 h, the newest of them if they are very many (`complete: false`): those that ended but for cancelled ones. */
  lastDay: { ended: number; succeeded: number; complete: boolean };
  /** Dead letters that died within 24 h, of all groups. */
  deadArrived: number;
  /** The groups with the most dead letters that nobody has ignored or resolved. */
  groups: TopGroup[];
};

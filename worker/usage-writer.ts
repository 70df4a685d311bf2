import { appendUsage } from "#server/runs/append-usage.ts";
import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import type { Lease } from "#server/runs/lease-runs.ts";

import type { UsageSample } from "./executor/types.ts";

/** Samples are gathered so long, milliseconds: a chart that moves once a second reads as live. */
const FLUSH_MS = 1_000;
/** The chart of an attempt has at most so many points; past it every second one goes, and half as many are taken. */
const POINTS_MAX = 400;

export type UsageWriter = {
  write: (sample: UsageSample) => void;
  /** Stores what is left. */
  finish: () => Promise<void>;
};

/** Stores an attempt's samples. They are a picture, not evidence: what can't be stored is dropped with a word in the log. */
export function createUsageWriter(database: Database, lease: Lease): UsageWriter {
  let pending: UsageSample[] = [];
  let timer: NodeJS.Timeout | null = null;
  let taken = 0;
  let seen = 0;
  let every = 1;

  const flush = async () => {
    timer = null;
    const samples = pending;
    pending = [];
    try {
      await appendUsage(database, lease, samples);
    } catch (error) {
      log.debug({ err: error, runId: lease.runId, samples: samples.length }, "samples could not be stored");
    }
  };

  return {
    write: (sample) => {
      seen += 1;
      if (seen % every !== 0) return;
      pending.push(sample);
      taken += 1;
      if (taken >= POINTS_MAX) {
        every *= 2;
        taken = POINTS_MAX / 2;
      }
      timer ??= setTimeout(() => void flush(), FLUSH_MS);
    },
    finish: async () => {
      if (timer !== null) clearTimeout(timer);
      await flush();
    },
  };
}

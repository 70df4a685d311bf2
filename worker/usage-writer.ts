import { appendUsage, thinUsage } from "#server/runs/append-usage.ts";
import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import type { Lease } from "#server/runs/lease-runs.ts";

import type { UsageSample } from "./executor/types.ts";

/** Samples are gathered so long, milliseconds: a chart that moves once a second reads as live. */
const FLUSH_MS = 1_000;
/** Of an attempt's start every sample is kept. */
const DENSE_MS = 60_000;
/** Of the rest at most so many are: when they are reached every second one goes, and half as many are taken from there on. */
const LATER_MAX = 240;
/** About the rate at which the executor samples, milliseconds. */
const FIRST_EVERY_MS = 250;

export type UsageWriter = {
  write: (sample: UsageSample) => void;
  /** Hands over what is not stored yet, for who stores it along with the attempt's end. */
  take: () => UsageSample[];
  /** Stores what is left. */
  finish: () => Promise<void>;
};

/** Stores an attempt's samples. They are a picture, not evidence: what can't be stored is dropped with a word in the log. */
export function createUsageWriter(database: Database, lease: Pick<Lease, "runId" | "attemptId">): UsageWriter {
  let pending: UsageSample[] = [];
  let timer: NodeJS.Timeout | null = null;
  let storing = Promise.resolve();
  let everyMs = FIRST_EVERY_MS;
  let later = 0;
  let lastStretch = -1;

  const store = async (samples: UsageSample[], thinTo: number | null) => {
    try {
      await appendUsage(database, lease, samples);
      if (thinTo !== null) await thinUsage(database, lease.attemptId, { afterMs: DENSE_MS, everyMs: thinTo });
    } catch (error) {
      log.debug({ err: error, runId: lease.runId, samples: samples.length }, "samples could not be stored");
    }
  };

  const take = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const samples = pending;
    pending = [];
    return samples;
  };

  const flush = (thinTo: number | null = null) => {
    const samples = take();
    storing = storing.then(() => store(samples, thinTo));
  };

  return {
    write: (sample) => {
      if (sample.atMs >= DENSE_MS) {
        const stretch = Math.floor(sample.atMs / everyMs);
        if (stretch === lastStretch) return;
        lastStretch = stretch;
        later += 1;
      }
      pending.push(sample);
      if (later >= LATER_MAX) {
        everyMs *= 2;
        later /= 2;
        flush(everyMs);
      }
      timer ??= setTimeout(() => flush(), FLUSH_MS);
    },
    take,
    finish: async () => {
      flush();
      await storing;
    },
  };
}

import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import { beatWorker } from "#server/workers/register-worker.ts";
import { LOST_AFTER_MS } from "#server/workers/lose-workers.ts";

import { monotonicMs } from "./executor/dead-man.ts";

const BEAT_MS = 2_000;
const BEAT_TIMEOUT_MS = 2_500;
/** After one that did not get through the next comes soon. */
const BEAT_AGAIN_MS = 250;
/** Without an answer for so long others may soon take over: the worker has to let go before they do. */
const FENCE_AFTER_MS = LOST_AFTER_MS - 2_000;
const CHECK_MS = 500;
/** Longer than FENCE_AFTER_MS, so that a worker that can still act ends its scripts itself, with their grace. */
const CUT_OFF_AFTER_MS = LOST_AFTER_MS - 1_000;

class SilenceError extends Error {}

export type HeartbeatOptions = {
  database: Database;
  workerId: string;
  /** When the worker was about to be registered, by `monotonicMs`: its first beat. */
  since: number;
  /** Told after each beat until when, by `monotonicMs`, nobody can take this worker for lost, with the margin to end its scripts in. */
  onBeat: (safeUntilMs: number) => void;
  /** The database has been out of reach for so long that the leases may run out. Called once an outage. */
  onFence: () => void;
  /** The worker was taken for lost: its attempts are others' now. */
  onLost: () => void;
};

/** Says every two seconds that this worker lives, and tells it when nobody can know that any more. */
export function startHeartbeat({ database, workerId, since, onBeat, onFence, onLost }: HeartbeatOptions): { stop: () => void } {
  let lastHeard = since;
  let isAway = false;
  let fenced = false;
  let stopped = false;
  let timer: NodeJS.Timeout;

  const beat = async () => {
    const asked = monotonicMs();
    try {
      const alive = await within(BEAT_TIMEOUT_MS, beatWorker(database, workerId, process.memoryUsage.rss()));
      if (stopped) return;
      if (!alive) return onLost();
      // Counted from before the question: the answer may have been long under way.
      lastHeard = asked;
      fenced = false;
      isAway = false;
      onBeat(asked + CUT_OFF_AFTER_MS);
    } catch (error) {
      // On a connection that is silently gone the next beat would wait in vain as well.
      if (error instanceof SilenceError) database.renew();
      if (!isAway) log.warn({ err: error, silentMs: monotonicMs() - lastHeard }, "the heartbeat did not get through; it is tried again until it does");
      isAway = true;
    }
    if (!stopped) timer = setTimeout(() => void beat(), isAway ? BEAT_AGAIN_MS : BEAT_MS);
  };

  const check = setInterval(() => {
    if (fenced || monotonicMs() - lastHeard < FENCE_AFTER_MS) return;
    fenced = true;
    onFence();
  }, CHECK_MS);
  onBeat(since + CUT_OFF_AFTER_MS);
  timer = setTimeout(() => void beat(), BEAT_MS);

  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      clearInterval(check);
    },
  };
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new SilenceError(`The database did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { setImmediate as nextTurn } from "node:timers/promises";

import type { Lane } from "#server/contracts/statuses.ts";
import { log } from "#server/log.ts";
import type { Lease } from "#server/runs/lease-runs.ts";
import type { Settled } from "#server/runs/settle-attempt.ts";

/** A notice is only a hint: so often a lane is looked at without one, milliseconds. */
const POLL_MS = 1_000;

export type DispatcherOptions = {
  lane: Lane;
  slots: number;
  lease: (lane: Lane, count: number) => Promise<Lease[]>;
  /** Whether anything is due in the lane, which costs less than to try a lease; left out, a lease is tried. */
  isDue?: (lane: Lane) => Promise<boolean>;
  /** Resolves once its result is committed; `onScriptEnd` is told before, when nothing of it runs any more. */
  handle: (lease: Lease, onScriptEnd: () => void) => Promise<Settled>;
  /** Told when nothing of a run runs any more, before the next is looked for: its room is free again. */
  onEnded: (lease: Lease) => void;
};

/** Keeps a lane's slots filled with due runs. */
export type Dispatcher = {
  /** Something may be due: look now. */
  wake: () => void;
  /** Whether it may take runs: while it may not, what runs goes on. */
  accept: (accepts: boolean) => void;
  /** Takes nothing more; what runs goes on. Resolves when no lease is being taken. */
  stop: () => Promise<void>;
};

/** Starts dispatching a lane. */
export function startDispatcher({ lane, slots, lease, isDue = () => Promise.resolve(true), handle, onEnded }: DispatcherOptions): Dispatcher {
  let busy = 0;
  /** Runs that hold no slot any more while their results are on their way to the database. */
  let delivering = 0;
  /** The last lease got all that it had room for, and so more may wait. */
  let moreWait = false;
  let stopped = false;
  let accepts = true;
  let looking: Promise<void> | null = null;
  let lookAgain = false;

  const run = async (leased: Lease) => {
    let holds = true;
    const free = () => {
      if (!holds) return;
      holds = false;
      busy -= 1;
      onEnded(leased);
      wake();
    };
    let delivers = false;
    // Where more wait for the slot, the next is taken while this one's result is being committed; not without end, should the database take none.
    const onScriptEnd = () => {
      if (!moreWait || delivering >= slots) return;
      delivers = true;
      delivering += 1;
      free();
    };
    try {
      const { nextDelayMs } = await handle(leased, onScriptEnd);
      // pg-boss wakes nobody when a delayed job comes due; this worker knows when.
      if (nextDelayMs !== null && nextDelayMs <= POLL_MS) setTimeout(wake, nextDelayMs + 1).unref();
    } catch (error) {
      log.error({ err: error, runId: leased.runId }, "a lease could not be handled");
    } finally {
      if (delivers) delivering -= 1;
      free();
    }
  };

  const mayTake = () => !stopped && accepts && busy < slots;

  const look = async () => {
    do {
      // Slots that become free together are filled together.
      await nextTurn();
      lookAgain = false;
      if (!mayTake()) return;
      const room = slots - busy;
      const leases = await lease(lane, room);
      moreWait = leases.length === room;
      busy += leases.length;
      for (const leased of leases) void run(leased);
      // A full catch suggests more; a short one means the lane is empty.
      if (leases.length > 0) lookAgain = true;
    } while (lookAgain);
  };

  const wake = () => {
    if (looking !== null) {
      lookAgain = true;
      return;
    }
    looking = look()
      .catch((error: unknown) => {
        // The database is away; the poll tries again, and the heartbeat reports it.
        log.debug({ err: error, lane }, "no runs could be leased");
      })
      .finally(() => {
        looking = null;
      });
  };

  const poll = setInterval(() => {
    if (!mayTake()) return;
    isDue(lane).then(
      (due) => {
        if (due) wake();
      },
      (error: unknown) => log.debug({ err: error, lane }, "a lane could not be looked at"),
    );
  }, POLL_MS);
  wake();
  return {
    wake,
    accept: (wanted) => {
      accepts = wanted;
      if (accepts) wake();
    },
    stop: async () => {
      stopped = true;
      clearInterval(poll);
      await looking;
    },
  };
}

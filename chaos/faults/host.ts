import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { jail } from "../rig/jail.ts";
import type { Fault } from "../round.ts";

// The worker's host: its disk, its process limit, its power.

/** Shorter than it takes for five internal errors in a row to end a run for good. */
const BRIEF_MS = { from: 200, to: 700 };

const scratchFull: Fault = {
  number: 16,
  name: "scratch-full",
  title: "the worker's disk full",
  shows: "attempts fail as internal errors, uncharged; results get through",
  inject: async (round) => {
    const { dataDir } = round.rig.a;
    await round.pause(200, 1_500);
    const ballast = join(dataDir, "ballast");
    try {
      const { bavail, bsize } = statfsSync(dataDir);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    } catch (error) {
      // Something else took a page meanwhile: it is full all the same.
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
    await round.pause(BRIEF_MS.from, BRIEF_MS.to);
    rmSync(ballast, { force: true });
  },
};

const noProcesses: Fault = {
  number: 39,
  name: "no-more-processes",
  title: "the host gives the worker no process (EAGAIN)",
  shows: "`internal_error`, uncharged; then all goes on",
  inject: async (round) => {
    const { rig } = round;
    await round.pause(200, 1_500);
    const pid = rig.a.process.pid();
    if (pid === null) throw new Error("Worker a does not run.");
    const held = jail("pids", `pids-${rig.index}`, pid, 1);
    await round.pause(BRIEF_MS.from, BRIEF_MS.to);
    held.leave();
  },
};

const reboot: Fault = {
  number: 40,
  name: "host-reboot",
  title: "a host loses power and boots again",
  shows: "what it left is reclaimed, by boot id; its runs go on",
  inject: async (round) => {
    const { rig } = round;
    const id = await round.submit("long", { on: "b" });
    await round.lives(id);
    await round.pause(0, 1_500);
    rig.b.process.hold();
    rig.b.process.killAll();
    await round.pause(300, 3_000);
    rig.b.process.release();
    await rig.b.process.ready();
  },
};

export const HOST_FAULTS: Fault[] = [scratchFull, noProcesses, reboot];

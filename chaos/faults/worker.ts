import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { History } from "../check-history.ts";
import { jail } from "../rig/jail.ts";
import type { Fault, Round } from "../round.ts";

// The worker's own process: killed, stopped, drained, out of memory, its clock wrong.

const MIB = 1024 ** 2;
const attemptsOf = ({ attempts }: History, id: string) => attempts.filter(({ run_id }) => run_id === id);

/** Attempts that began after another was lost: how long their runs had to wait from a moment on. */
function waitsAfterLoss({ attempts }: History, sinceMs: number): number[] {
  return attempts.flatMap((attempt) => {
    const next = attempts.find(({ run_id, number }) => run_id === attempt.run_id && number === attempt.number + 1);
    return attempt.outcome === "worker_lost" && next !== undefined ? [next.started_at.getTime() - sinceMs] : [];
  });
}

const expectOneAttempt = ({ violation }: Round, history: History, id: string, why: string) => {
  const attempts = attemptsOf(history, id);
  if (attempts.length !== 1) violation(`run ${id} had ${attempts.length} attempts (${attempts.map(({ outcome }) => outcome).join(", ")}); ${why}`);
};

const noted = new WeakMap<Round, { id: string; at: number; elsewhere: boolean }>();

const killed: Fault = {
  number: 1,
  name: "worker-killed",
  title: "`kill -9` of a worker while it runs",
  shows: "its scripts die with it; they run again on its restart, or elsewhere within 15 s",
  inject: async (round) => {
    const { rig, random, witness } = round;
    const victim = random.pick([rig.a, rig.b]);
    const elsewhere = random.chance(0.25);
    const id = await round.submit("long", elsewhere ? {} : { on: victim.name });
    if (!elsewhere) await round.lives(id);
    await round.pause(0, 1_500);
    if (elsewhere) victim.process.hold();
    const at = Date.now();
    await victim.process.kill();
    noted.set(round, { id, at, elsewhere });
    if (elsewhere) {
      await delay(15_000);
      victim.process.release();
      return;
    }
    await round.until("the killed worker's script is gone", () => !witness.alive(new Set([id])).some(({ attempt }) => attempt === 1), 5_000);
    await victim.process.ready();
    noted.set(round, { id, at: Date.now() - (performance.now() - victim.process.startedAt()), elsewhere });
  },
  check: (round, history) => {
    const note = noted.get(round);
    if (note === undefined) return;
    for (const waited of waitsAfterLoss(history, note.at)) {
      round.measure(note.elsewhere ? "elsewhereMs" : "sameHostMs", waited);
      if (waited > 15_000) round.violation(`a lost run began again only after ${waited} ms`);
    }
  },
};

const killedBeforeCommit: Fault = {
  number: 2,
  name: "killed-before-commit",
  title: "`kill -9` between a script's end and the commit of its result",
  shows: "the result comes from the journal; the script is not run again",
  inject: async (round) => {
    const { rig } = round;
    // Nobody else is there to take the run over should the restart be slow: then only the journal keeps it from running again.
    rig.b.process.hold();
    const bEnded = rig.b.process.ended();
    rig.b.process.signal("SIGTERM");
    await bEnded;
    const id = await round.submit("long", { on: "a" });
    noted.set(round, { id, at: 0, elsewhere: false });
    await round.lives(id);
    await round.pause(200, 1_500);
    rig.a.proxy.hold();
    const journal = join(rig.a.dataDir, "journal");
    const isJournalled = (name: string) => name.endsWith(".json") && readFileSync(join(journal, name), "utf8").includes(id);
    await round.until("the result is in the journal", () => readdirSync(journal).some(isJournalled), 8_000);
    await round.pause(0, 200);
    await rig.a.process.kill();
    rig.a.proxy.restore();
    await rig.a.process.ready();
    rig.b.process.release();
  },
  check: (round, history) => expectOneAttempt(round, history, noted.get(round)?.id ?? "", "its result was in the journal"),
};

const killedAfterCommit: Fault = {
  number: 3,
  name: "killed-after-commit",
  title: "killed right after a commit, before it could act on it",
  shows: "what was committed stands; a second delivery does nothing",
  inject: async (round) => {
    const { rig } = round;
    await round.pause(0, 1_500);
    let fired = false;
    rig.a.proxy.atNextCommit(() => {
      fired = true;
      rig.a.process.signal("SIGKILL");
    });
    await round.submit("ok", { on: "a" });
    await round.until("a commit was met", () => fired);
  },
};

const poison: Fault = {
  number: 4,
  name: "poison",
  title: "a run whose worker dies each time",
  shows: "dead after the third, `worker_lost`, nothing charged",
  workload: [],
  inject: async (round) => {
    const { rig } = round;
    const others = [0, 1, 2].map(() => round.submit("ok", { on: "b" }));
    const id = await round.submit("poison", { on: "a" });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await round.lives(id, attempt);
      await round.pause(0, 600);
      await rig.a.process.kill();
      await rig.a.process.ready();
    }
    await Promise.all(others);
  },
};

const outOfMemory: Fault = {
  number: 17,
  name: "worker-out-of-memory",
  title: "the kernel kills the worker for its memory",
  shows: "as 1",
  inject: async (round) => {
    const { rig } = round;
    await round.pause(200, 2_000);
    const pid = rig.a.process.pid();
    if (pid === null) throw new Error("Worker a does not run.");
    const ended = rig.a.process.ended();
    const held = jail("memory", `memory-${rig.index}`, pid, 100 * MIB);
    rig.a.order("allocate", 300 * MIB);
    const { signal } = await ended;
    held.leave();
    if (signal !== "SIGKILL") round.violation(`the worker ended with ${signal}, not by the kernel's hand`);
  },
};

async function drainOf({ rig, violation }: Round, act: () => Promise<void>, ends: (code: number | null, signal: string | null) => boolean) {
  rig.a.process.hold();
  const ended = rig.a.process.ended();
  rig.a.process.signal("SIGTERM");
  await act();
  const { code, signal } = await ended;
  if (!ends(code, signal)) violation(`the drained worker ended with ${signal ?? code}`);
  rig.a.process.release();
}

const drainShort: Fault = {
  number: 24,
  name: "drain-short",
  title: "SIGTERM while short runs run",
  shows: "they end by themselves; exit code 0",
  inject: async (round) => {
    const id = await round.submit("long", { on: "a" });
    noted.set(round, { id, at: 0, elsewhere: false });
    await round.lives(id);
    await round.pause(0, 1_500);
    await drainOf(
      round,
      () => Promise.resolve(),
      (code) => code === 0,
    );
  },
  check: (round, history) => expectOneAttempt(round, history, noted.get(round)?.id ?? "", "a drain lets short runs end"),
};

const OVER_DRAIN = { source: "echo begins\nsleep 7\necho ends" };

const drainLong: Fault = {
  number: 25,
  name: "drain-long",
  title: "SIGTERM while a long run runs",
  shows: "queued again, not charged, no step towards poison; exit code 0",
  workload: ["ok", "fails", "lines"],
  inject: async (round) => {
    const id = await round.submit("long", { on: "a", changes: OVER_DRAIN });
    noted.set(round, { id, at: 0, elsewhere: false });
    await round.lives(id);
    await round.pause(0, 1_000);
    await drainOf(
      round,
      () => Promise.resolve(),
      (code) => code === 0,
    );
  },
  check: (round, { runs }) => {
    const run = runs.find(({ id }) => id === noted.get(round)?.id);
    if (run?.interruptions !== 1 || run.worker_crashes !== 0)
      round.violation(`${run?.interruptions} interruptions and ${run?.worker_crashes} crashes, not 1 and 0`);
  },
};

const drainHastened: Fault = {
  number: 26,
  name: "drain-hastened",
  title: "a second SIGTERM, or SIGKILL, during a drain",
  shows: "hastens it; as 1 with SIGKILL",
  workload: ["ok", "fails", "lines", "timeout"],
  inject: async (round) => {
    const id = await round.submit("long", { on: "a", changes: OVER_DRAIN });
    const signal = round.random.pick(["SIGTERM", "SIGKILL"] as const);
    await round.lives(id);
    await drainOf(
      round,
      async () => {
        await round.pause(50, 2_000);
        round.rig.a.process.signal(signal);
      },
      (code, ended) => code === 0 || (signal === "SIGKILL" && ended === "SIGKILL"),
    );
  },
};

/** A worker that can't beat while its script lives. */
const standsStill = (number: number, name: string, title: string, still: (round: Round, ms: number) => Promise<void>, longestMs: number): Fault => ({
  number,
  name,
  title,
  shows: "its scripts are ended before others take over; what it says then is refused; one result",
  workload: ["ok", "fails", "lines", "longer", "longer"],
  inject: async (round) => {
    await round.pause(1_500, 2_500);
    await still(round, round.random.between(12_500, longestMs));
  },
});

const blocked = standsStill(
  27,
  "event-loop-blocked",
  "a worker's event loop blocked beyond its heartbeat",
  async ({ rig }, ms) => {
    rig.a.order("block", ms);
    await delay(ms);
  },
  16_000,
);

const stopped = standsStill(
  28,
  "worker-stopped",
  "SIGSTOP of a worker for up to 30 s, then SIGCONT",
  async ({ rig }, ms) => {
    rig.a.process.signal("SIGSTOP");
    await delay(ms);
    rig.a.process.signal("SIGCONT");
  },
  30_000,
);

const clockJump: Fault = {
  number: 29,
  name: "clock-jump",
  title: "a worker's clock jumps by an hour",
  shows: "durations stay monotonic; the database's time rules",
  inject: async (round) => {
    const { rig, random } = round;
    await round.pause(0, 1_500);
    rig.a.order("clock", random.pick([-1, 1]) * 3_600_000);
    await delay(2_500);
    rig.a.order("clock", 0);
  },
  check: ({ violation }, { runs, attempts }) => {
    for (const { run_id, number, wall_ms, started_at, finished_at } of attempts) {
      const tookMs = finished_at === null ? 0 : finished_at.getTime() - started_at.getTime();
      if (tookMs < 0 || tookMs > 60_000 || (wall_ms ?? 0) < 0 || (wall_ms ?? 0) > 60_000)
        violation(`run ${run_id}, attempt ${number}: took ${tookMs} ms, ${wall_ms} by its usage`);
    }
    for (const { id, created_at, finished_at } of runs) {
      const tookMs = (finished_at?.getTime() ?? 0) - created_at.getTime();
      if (tookMs < 0 || tookMs > 120_000) violation(`run ${id}: ended ${tookMs} ms after it was made`);
    }
  },
};

export const WORKER_FAULTS: Fault[] = [
  killed,
  killedBeforeCommit,
  killedAfterCommit,
  poison,
  outOfMemory,
  drainShort,
  drainLong,
  drainHastened,
  blocked,
  stopped,
  clockJump,
];

import { setTimeout as delay } from "node:timers/promises";

import { migrate } from "../../prisma/migrate.ts";
import { DATABASE } from "../rig/store.ts";
import { prepare } from "../workload.ts";
import type { Fault, Round } from "../round.ts";

// PostgreSQL: gone, crashed, full, its sessions ended.

const noWorkerLost: Fault["check"] = ({ violation }, { attempts }) => {
  for (const { run_id, number, outcome } of attempts)
    if (outcome === "worker_lost") violation(`run ${run_id}, attempt ${number}: given up, though its worker lived`);
};

const crashed: Fault = {
  number: 5,
  name: "database-crashed",
  title: "PostgreSQL crashes and restarts while scripts run",
  shows: "the scripts go on; one result each",
  inject: async (round) => {
    const { store } = round.rig;
    await round.pause(300, 2_500);
    await store.crash();
    await round.pause(100, 2_000);
    await store.start();
  },
  check: noWorkerLost,
};

const OUTAGE_MS = 30_000;
const during = new WeakMap<Round, string>();

const downAtCompletion: Fault = {
  number: 6,
  name: "database-down-at-completion",
  title: "PostgreSQL down for 30 s when scripts end",
  shows: "one execution, one result",
  inject: async (round) => {
    const { store } = round.rig;
    const id = await round.submit("long");
    during.set(round, id);
    await round.lives(id);
    await round.pause(0, 1_500);
    await store.stop();
    await delay(OUTAGE_MS);
    await store.start();
  },
  check: (round, { attempts }) => {
    const mine = attempts.filter(({ run_id }) => run_id === during.get(round));
    if (mine.length !== 1) round.violation(`executed ${mine.length} times (${mine.map(({ outcome }) => outcome).join(", ")})`);
  },
};

const SUBMIT_MS = 1_000;

const downAtSubmit: Fault = {
  number: 7,
  name: "database-down-at-submit",
  title: "PostgreSQL down at submit",
  shows: "503 in under a second, and no run nobody was told of",
  inject: async (round) => {
    const { rig, random } = round;
    await round.pause(0, 1_500);
    await rig.store.stop();
    await round.pause(0, 1_000);
    const times: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { body, key } = prepare("ok", round.tag, random);
      const { status, tookMs, headers } = await rig.api.send("POST", "/runs", { body, headers: { "idempotency-key": key } });
      times.push(tookMs);
      round.measure("refusedMs", Math.round(tookMs));
      if (status !== 503) round.violation(`a submit was answered with ${status}`);
      if (headers.get("content-type")?.startsWith("application/problem+json") !== true || headers.get("retry-after") === null)
        round.violation("the refusal is no problem document with Retry-After");
    }
    // The middle one: the machine that this runs on has moments of its own.
    const median = times.toSorted((one, other) => one - other)[2] ?? Infinity;
    if (median > SUBMIT_MS) round.violation(`submits were refused only after ${Math.round(median)} ms`);
    await rig.store.start();
  },
  check: noWorkerLost,
};

const downAtBoot: Fault = {
  number: 8,
  name: "database-down-at-boot",
  title: "PostgreSQL down when a worker and the web process start",
  shows: "both wait for it and recover",
  inject: async (round) => {
    const { rig } = round;
    await round.pause(300, 2_000);
    await rig.store.stop();
    await rig.a.process.kill();
    if (round.random.chance(0.5)) await rig.web.kill();
    await round.pause(1_500, 4_000);
    await rig.store.start();
    await rig.a.process.ready();
  },
};

const terminate = (where: string) =>
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${DATABASE}' AND pid <> pg_backend_pid() AND ${where}`;
const LISTENING = "application_name = 'corral-listen'";

/** Two workers and the web process. */
const PROCESSES = 3;

const listenerKilled: Fault = {
  number: 10,
  name: "listener-killed",
  title: "the sessions that LISTEN are ended",
  shows: "listening again within a second",
  inject: async (round) => {
    const { store } = round.rig;
    const count = async () => Number((await store.query<{ count: string }>(`SELECT count(*) FROM pg_stat_activity WHERE ${LISTENING}`))[0]?.count);
    // Sessions of processes that an earlier round ended may linger for a moment.
    await round.until("every process listens", async () => (await count()) === PROCESSES, 10_000);
    for (let times = 0; times < 3; times += 1) {
      await round.pause(200, 800);
      await store.query(terminate(LISTENING));
      const began = performance.now();
      await round.until("all listen again", async () => (await count()) === PROCESSES, 10_000);
      round.measure("healedMs", Math.round(performance.now() - began));
    }
  },
  check: noWorkerLost,
};

const sessionsKilled: Fault = {
  number: 11,
  name: "sessions-killed",
  title: "all sessions ended, again and again",
  shows: "the processes survive",
  inject: async (round) => {
    const { rig } = round;
    const pids = () => [rig.a, rig.b].map(({ process }) => process.pid()).concat(rig.web.pid());
    const before = pids();
    await round.pause(0, 1_000);
    for (let times = 0; times < 10; times += 1) {
      await rig.store.query(terminate("true"));
      await round.pause(50, 300);
    }
    if (pids().some((pid, index) => pid !== before[index])) round.violation("a process ended");
  },
  check: noWorkerLost,
};

const diskFull: Fault = {
  number: 15,
  name: "database-disk-full",
  title: "the database's disk full",
  shows: "submits get a clear error; all resumes",
  inject: async (round) => {
    const { rig, random } = round;
    await round.pause(0, 1_500);
    rig.store.fillDisk();
    const until = performance.now() + random.between(1_500, 4_000);
    while (performance.now() < until) {
      const submission = prepare("flood", round.tag, random);
      const { status, body, tookMs } = await rig.api.send("POST", "/runs", { body: submission.body, headers: { "idempotency-key": submission.key } });
      if (status === 201) round.submissions.push({ ...submission, id: (body as { id: string }).id });
      else if (status < 500 || typeof (body as { title?: unknown }).title !== "string")
        round.violation(`a submit was answered with ${status}: ${JSON.stringify(body)}`);
      round.measure("answeredMs", Math.round(tookMs));
      await delay(300);
    }
    rig.store.freeDisk();
    await rig.store.start();
  },
};

const twoVersions: Fault = {
  number: 37,
  name: "two-versions",
  title: "a migration, and workers coming and going, beside running ones",
  shows: "no deadlock; nothing fails",
  inject: async (round) => {
    const { rig } = round;
    await round.pause(0, 1_000);
    const url = rig.store.cluster().urlOf(DATABASE);
    const [newer] = await Promise.all([rig.addWorker(), migrate(url), migrate(url)]);
    for (const statement of ["ADD COLUMN chaos integer", "DROP COLUMN chaos"]) {
      await rig.store.query(`ALTER TABLE run ${statement}`);
      await rig.store.query(`ALTER TABLE attempt ${statement}`);
      await round.pause(0, 300);
    }
    const ended = newer.ended();
    await newer.stop();
    const { code } = await ended;
    if (code !== 0) round.violation(`the newer worker ended with ${code}`);
  },
  check: noWorkerLost,
};

const idleTransaction: Fault = {
  number: 38,
  name: "idle-transaction",
  title: "a transaction that is left open",
  shows: "nothing waits for it",
  inject: async (round) => {
    const { store } = round.rig;
    await round.pause(0, 1_000);
    await store.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await store.query("SELECT count(*) FROM run");
    // The rig asks by the same session: it sees none of this round until it ends it.
    await round.pause(3_000, 6_000);
    await store.query("COMMIT");
  },
  check: noWorkerLost,
};

export const DATABASE_FAULTS: Fault[] = [
  crashed,
  downAtCompletion,
  downAtSubmit,
  downAtBoot,
  listenerKilled,
  sessionsKilled,
  diskFull,
  twoVersions,
  idleTransaction,
];

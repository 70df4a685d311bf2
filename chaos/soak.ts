import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";

import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { buildRig } from "./rig/rig.ts";
import type { Rig } from "./rig/rig.ts";
import { DATABASE } from "./rig/store.ts";
import { KINDS } from "./workload.ts";
import type { Kind, KindName } from "./workload.ts";

// `npm run soak`: every slot busy for half an hour (`--minutes`) while something breaks every few seconds. Then nothing may be
// missing in the counts, and the web process and the worker that was never restarted may hold no more memory than after the first quarter.

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" }, seed: { type: "string", default: "1" } } });
const lastsMs = Number(values.minutes) * 60_000;
const random = createRandom(`soak ${values.seed}`);

/** So many open runs fill every slot of both workers and leave some waiting. */
const OPEN_LEAST = 40;
const BATCH = 20;
const SAMPLE_MS = 5_000;
const MISHAP_MS = { from: 5_000, to: 15_000 };
/** The memory of the last quarter beside that of the second: a leak at this pace would double it within half a day. */
const GROWTH_MAX = 1.2;

const MIX: KindName[] = ["ok", "ok", "ok", "python", "fails", "fails", "failsSoftly", "lines", "timeout", "flood", "race"];

/** What breaks. Worker a and the web process are never restarted, so that their memory tells; worker b is. */
const MISHAPS: Record<string, (rig: Rig, random: Random) => Promise<void>> = {
  "worker b is killed": ({ b }) => b.process.kill(),
  "host b reboots": async ({ b }) => {
    b.process.killAll();
    await b.process.ended();
  },
  "PostgreSQL crashes": async ({ store }) => {
    await store.crash();
    await delay(random.between(100, 2_000));
    await store.start();
  },
  "all sessions end": async ({ store }) => {
    await store.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${DATABASE}' AND pid <> pg_backend_pid()`);
  },
  "connections go silent": ({ a, b, webProxy }) => Promise.resolve(random.pick([a.proxy, b.proxy, webProxy]).abandon()),
  "the way is slow": async ({ a, b, webProxy }) => {
    const proxies = [a.proxy, b.proxy, webProxy];
    for (const proxy of proxies) proxy.delay(50);
    await delay(3_000);
    for (const proxy of proxies) proxy.restore();
  },
  "a partition of 5 s": async ({ a, b }) => {
    const { proxy } = random.pick([a, b]);
    proxy.hold();
    await delay(5_000);
    proxy.restore();
  },
};

const residentBytes = (pid: number | null) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(pid === null ? "" : readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
const median = (numbers: number[]) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const mib = (bytes: number) => Math.round(bytes / 1024 ** 2);

async function keepBusy(rig: Rig, until: number, acknowledged: Set<string>) {
  while (performance.now() < until) {
    try {
      const [row] = await rig.store.query<{ open: number }>("SELECT count(*)::int AS open FROM run WHERE status IN ('queued', 'running', 'retrying')");
      if ((row?.open ?? 0) < OPEN_LEAST) await submitSome(rig, acknowledged);
      if (random.chance(0.1)) await steerSome(rig, [...acknowledged]);
    } catch (error) {
      // The web process or its database is away.
      if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
    }
    await delay(150);
  }
}

async function submitSome({ api }: Rig, acknowledged: Set<string>) {
  const runs = Array.from({ length: BATCH }, () => {
    const name = random.pick(MIX);
    const kind: Kind = KINDS[name];
    return { language: "bash", name: `soak ${name}`, ...kind.body(random) };
  });
  const { status, body } = await api.send("POST", "/runs/batch", { body: { runs } });
  if (status === 201) for (const { id } of (body as { items: { id: string }[] }).items) acknowledged.add(id);
}

async function steerSome({ api }: Rig, ids: string[]) {
  const last = ids.at(-1 - random.whole(0, 20));
  if (last !== undefined) await api.send("POST", `/runs/${last}/cancel`);
  if (random.chance(0.2)) await api.send("POST", `/dead-letters/${random.pick(["retry", "discard"])}`, { body: { filter: { q: "soak fails" } } });
}

async function breakThings(rig: Rig, until: number) {
  const counts: Record<string, number> = {};
  while (performance.now() < until) {
    await delay(random.between(MISHAP_MS.from, MISHAP_MS.to));
    const name = random.pick(Object.keys(MISHAPS));
    await MISHAPS[name]?.(rig, random);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function watchMemory(rig: Rig, until: number) {
  const samples = { web: [] as number[], worker: [] as number[] };
  const pids = [rig.web.pid(), rig.a.process.pid()];
  while (performance.now() < until) {
    samples.web.push(residentBytes(rig.web.pid()));
    samples.worker.push(residentBytes(rig.a.process.pid()));
    await delay(SAMPLE_MS);
  }
  const wasRestarted = pids[0] !== rig.web.pid() || pids[1] !== rig.a.process.pid();
  return { samples, wasRestarted };
}

const rig = await buildRig(9);
const problems: string[] = [];
try {
  const until = performance.now() + lastsMs;
  const acknowledged = new Set<string>();
  const [mishaps, { samples, wasRestarted }] = await Promise.all([breakThings(rig, until), watchMemory(rig, until), keepBusy(rig, until, acknowledged)]);
  await rig.settle();
  const open = async () => (await rig.store.query("SELECT id FROM run WHERE status IN ('queued', 'running', 'retrying') LIMIT 1")).length > 0;
  for (const deadline = performance.now() + 120_000; (await open()) && performance.now() < deadline;) await delay(500);

  const statuses = await rig.store.query<{ status: string; count: number }>("SELECT status::text, count(*)::int FROM run GROUP BY status ORDER BY status");
  const [known] = await rig.store.query<{ count: number }>("SELECT count(*)::int FROM run WHERE id = ANY($1::uuid[])", [[...acknowledged]]);
  const [attempts] = await rig.store.query<{ count: number }>("SELECT count(*)::int FROM attempt");
  console.log(`${values.minutes} minutes, ${acknowledged.size} runs acknowledged, ${attempts?.count} attempts; ${JSON.stringify(mishaps)}`);
  console.log(statuses.map(({ status, count }) => `${status} ${count}`).join(", "));
  if (known?.count !== acknowledged.size) problems.push(`${acknowledged.size} runs were acknowledged, and ${known?.count} of them are there`);
  const total = statuses.reduce((sum, { count }) => sum + count, 0);
  // A batch whose answer was lost is there all the same: all of it or nothing.
  if (total < acknowledged.size || (total - acknowledged.size) % BATCH !== 0)
    problems.push(`${total} runs in all do not go with ${acknowledged.size} acknowledged in batches of ${BATCH}`);
  if (await open()) problems.push("some runs are still open two minutes after the end");
  if (wasRestarted) problems.push("the web process or worker a was restarted");
  for (const [name, sizes] of Object.entries(samples)) {
    const quarter = Math.floor(sizes.length / 4);
    const [before, after] = [median(sizes.slice(quarter, 2 * quarter)), median(sizes.slice(-quarter))];
    console.log(`${name}: ${mib(before)} MiB in the second quarter, ${mib(after)} MiB in the last (${(after / before).toFixed(2)} ×)`);
    if (after > before * GROWTH_MAX) problems.push(`${name} grew by more than ${GROWTH_MAX} ×`);
  }
} finally {
  await rig.close();
}
for (const problem of problems) console.log(`✗ ${problem}`);
console.log(problems.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
process.exit(problems.length === 0 ? 0 : 1);

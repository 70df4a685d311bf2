import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect, test } from "vitest";

import { specOf } from "../conformance/spec.ts";
import { createExecutor } from "../executor.ts";
import { KINDS } from "./kinds.ts";
import type { Kind } from "./kinds.ts";

const RUNS = 300;
const AT_ONCE = 16;
const SEED = 20_261_123;

/** The same order every time (mulberry32): what fails in it fails in it again. */
function shuffled(kinds: Kind[]): Kind[] {
  let state = SEED;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return kinds
    .map((kind) => ({ kind, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ kind }) => kind);
}

/** What the machine has of us, looked at from outside the executor. */
function traces(instance: string, directory: string) {
  const status = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/status`, "utf8");
    } catch {
      // It ended between the listing and the reading.
      return "";
    }
  };
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(status);
  const uidOf = (text: string) => Number(/^Uid:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  const [firstUid, lastUid] = [0x7000_0000 + (process.pid % 2 ** 18) * 512, 0x7000_0000 + (process.pid % 2 ** 18) * 512 + 511];
  const mounts = readFileSync("/proc/self/mountinfo", "utf8");
  const cgroupMounts = mounts
    .split("\n")
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(" ")[4] ?? "");
  return {
    processes: all.filter((text) => uidOf(text) >= firstUid && uidOf(text) <= lastUid).length,
    zombies: all.filter((text) => /^State:\s+Z/m.test(text) && text.includes(`PPid:\t${process.pid}\n`)).length,
    cgroups: cgroupMounts.flatMap((mount) => readdirSync(mount, { recursive: true }).map(String)).filter((path) => path.includes(`corral-${instance}`)),
    mounts,
    files: readdirSync(directory, { recursive: true })
      .map(String)
      .filter((path) => !/^(attempts|workers|shared)$/.test(path) && !path.startsWith("shared/node-")),
    descriptors: readdirSync("/proc/self/fd").length,
  };
}

test(`${RUNS} hostile runs of ${KINDS.length} kinds, ${AT_ONCE} at a time, are each named rightly and leave nothing`, { timeout: 300_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "corral-hostile-"));
  const instance = `hostile-${process.pid}`;
  const before = traces(instance, directory);
  const executor = await createExecutor({ directory, instance, allowUnenforced: false, maxConcurrent: AT_ONCE });
  const queue = shuffled(Array.from({ length: RUNS }, (_, index) => KINDS[index % KINDS.length] as Kind));
  const wrong: string[] = [];
  let done = 0;
  const lane = async () => {
    for (let kind = queue.pop(); kind !== undefined; kind = queue.pop()) {
      const cancel = new AbortController();
      const { cancel: isCancelled, spec, outcome, title } = kind;
      const result = await executor.execute(specOf(spec), { signal: cancel.signal, onOutput: () => (isCancelled === true ? cancel.abort() : undefined) });
      if (result.outcome !== outcome) wrong.push(`${title}: ${result.outcome} (${result.message}) instead of ${outcome}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await executor.close();
  expect([done, wrong]).toEqual([RUNS, []]);

  // What is killed is gone a moment after it can't be seen in its cgroup any more.
  const deadline = performance.now() + 2_000;
  while (traces(instance, directory).processes > before.processes && performance.now() < deadline) await delay(20);
  const { descriptors, ...left } = traces(instance, directory);
  const { descriptors: descriptorsBefore, ...leftBefore } = before;
  expect(left).toEqual(leftBefore);
  expect(descriptors).toBeLessThanOrEqual(descriptorsBefore + 2);
  rmSync(directory, { recursive: true });
});

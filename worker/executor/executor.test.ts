import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { nothingLeft, processesIn } from "./conformance/left.ts";
import { specOf } from "./conformance/spec.ts";
import { createExecutor } from "./executor.ts";
import type { Executor, UsageSample } from "./types.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-executor-"));
let executor: Executor;

beforeAll(async () => {
  executor = await createExecutor({ directory, instance: `test-${process.pid}`, allowUnenforced: false, maxConcurrent: 3 });
});
afterAll(async () => {
  await executor.close();
  assert.deepEqual([...readdirSync(join(directory, "attempts")), ...readdirSync(join(directory, "workers"))], []);
  rmSync(directory, { recursive: true });
});

const bash = (source: string) => ({ language: "bash", source });

/** Resolves with the script's first output. */
function firstOutput() {
  let say: (text: string) => void = () => undefined;
  const said = new Promise<string>((resolve) => (say = resolve));
  return { said, onOutput: ({ bytes }: { bytes: Buffer }) => say(bytes.toString()) };
}

describe("what a spec can't smuggle", () => {
  test.each([
    ["a value that would become arguments of the sandbox", { env: { X: "a\0--ro-bind\0/var\0/tmp" } }],
    ["a name that would", { env: { "X\0--ro-bind\0/var\0/tmp": "" } }],
    ["a name that holds a value", { env: { "PATH=/box": "" } }],
    ["an argument cut short", { args: ["a\0b"] }],
    ["a run's id", { runId: "x\0--ro-bind\0/var\0/tmp" }],
  ])("%s", async (_title, given) => {
    const result = await executor.execute(specOf({ ...bash("ls /tmp"), ...given }), {});
    expect(result).toMatchObject({ outcome: "spawn_error", exitCode: null, signal: null });
  });

  test("a name that would lead out of its cgroup", async () => {
    expect(await executor.execute(specOf({ ...bash("true"), id: "../x" }), {})).toMatchObject({ outcome: "internal_error" });
  });

  test("arguments are passed as they are", async () => {
    const { said, onOutput } = firstOutput();
    const args = ["", " ", "--die", "-c", "$HOME", "ü\n'\"", "*"];
    await executor.execute(specOf({ ...bash('printf "%s|" "$@"'), args }), { onOutput });
    expect(await said).toBe(args.map((arg) => `${arg}|`).join(""));
  });

  test("more arguments than the system takes", async () => {
    const result = await executor.execute(specOf({ ...bash("true"), args: ["x".repeat(200_000)] }), {});
    expect(result).toMatchObject({
      outcome: "spawn_error",
      message: expect.stringContaining("arguments and environment are longer than the system allows") as string,
    });
  });
});

test("what no cgroup knows holds for a script: it goes first when memory is short, without a core file, and has the usual descriptors and modes", async () => {
  const { said, onOutput } = firstOutput();
  await executor.execute(specOf(bash('echo "$(</proc/self/oom_score_adj) $(ulimit -Hc) $(ulimit -Hn) $(umask)"')), { onOutput });
  expect(await said).toBe("500 0 1024 0022\n");
});

describe("cancel", () => {
  test("at any moment of the set-up ends it (case 43)", async () => {
    for (let waitMs = 0; waitMs <= 24; waitMs += 2) {
      const cancel = new AbortController();
      const spec = specOf({ ...bash("trap '' TERM; sleep 30"), gracePeriodMs: 50 });
      const attempt = executor.execute(spec, { signal: cancel.signal });
      await delay(waitMs);
      cancel.abort();
      const result = await attempt;
      expect(result.outcome).toBe("cancelled");
      expect(result.usage.wallMs).toBeLessThan(5_000);
      await nothingLeft(result.evidence.cgroup);
    }
  });

  test("before it was asked for runs nothing", async () => {
    let chunks = 0;
    const result = await executor.execute(specOf(bash("echo ran")), { signal: AbortSignal.abort(), onOutput: () => void (chunks += 1) });
    expect([result.outcome, result.usage.wallMs, chunks]).toEqual(["cancelled", 0, 0]);
  });

  test("in the moment of its end leaves an end that is its own as it is (case 42)", async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      const cancel = new AbortController();
      const { outcome, exitCode, signal } = await executor.execute(specOf(bash("echo; exit 7")), { signal: cancel.signal, onOutput: () => cancel.abort() });
      outcomes.add(outcome);
      // Either it was really ended, or it ended by itself and then says so.
      expect(outcome === "cancelled" || (outcome === "exit_nonzero" && exitCode === 7 && signal === null)).toBe(true);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });
});

const manifestOf = (id: string) =>
  JSON.parse(readFileSync(join(directory, "attempts", `test-${process.pid}.${id}.json`), "utf8")) as { cgroup: { directories: string[] } };

describe("who else is there", () => {
  test("attempts have uids of their own, and can't signal each other (cases 10, 31)", async () => {
    const [victim, villain] = [firstOutput(), firstOutput()];
    const victimSpec = specOf(bash("echo up; sleep 0.5; echo survived"));
    const lines: string[] = [];
    const attempt = executor.execute(victimSpec, {
      onOutput: ({ bytes }) => {
        lines.push(bytes.toString());
        victim.onOutput({ bytes });
      },
    });
    await victim.said;
    const cgroupOf = (id: string) => manifestOf(id).cgroup.directories[0]?.split("/").at(-1) ?? "";
    const uidOf = (id: string) => new Set(processesIn(cgroupOf(id)).map((pid) => /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]));
    const uids = uidOf(victimSpec.id);
    expect(uids.size).toBe(1);
    expect(Number([...uids][0])).toBeGreaterThanOrEqual(0x7000_0000);
    const other = specOf({
      language: "python",
      source: "import os, time\nprint('up')\nos.system('sleep 0.2')\nos.kill(-1, 9)\ntime.sleep(30)",
      limits: { timeoutMs: 5_000 },
    });
    const attack = executor.execute(other, villain);
    await villain.said;
    expect([...uidOf(other.id)].filter((uid) => uids.has(uid))).toEqual([]);
    expect(uidOf(other.id).size).toBe(1);
    // It reaches nothing but itself.
    expect((await attack).outcome).toBe("exit_nonzero");
    expect((await attempt).outcome).toBe("succeeded");
    expect(lines.join("")).toBe("up\nsurvived\n");
  });

  test("the workspace of the one is not the other's, and nothing of it is left for the next", async () => {
    for (let round = 0; round < 3; round += 1) {
      const { said, onOutput } = firstOutput();
      await executor.execute(specOf(bash("find /box /tmp /dev/shm -type f | tr '\\n' ' '; echo x >mine; echo x >/tmp/mine; echo x >/dev/shm/mine")), {
        onOutput,
      });
      expect(await said).toBe("/box/main.sh ");
    }
  });

  test("more attempts than slots is our fault, not the script's", async () => {
    const up = [firstOutput(), firstOutput(), firstOutput()];
    const cancel = new AbortController();
    const attempts = up.map(({ onOutput }) =>
      executor.execute(specOf({ ...bash("echo up; sleep 30"), gracePeriodMs: 0 }), { signal: cancel.signal, onOutput }),
    );
    await Promise.all(up.map(({ said }) => said));
    expect(await executor.execute(specOf(bash("true")), {})).toMatchObject({
      outcome: "internal_error",
      message: "Corral itself failed: all 3 slots of this executor are taken.",
    });
    cancel.abort();
    expect((await Promise.all(attempts)).map(({ outcome }) => outcome)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect((await executor.execute(specOf(bash("true")), {})).outcome).toBe("succeeded");
  });
});

test("usage is sampled about four times a second, in order", async () => {
  const samples: UsageSample[] = [];
  const result = await executor.execute(specOf(bash("for i in 1 2 3; do sleep 0.5; done")), { onUsage: (sample) => samples.push(sample) });
  expect(samples.length).toBeGreaterThanOrEqual(3);
  expect(samples.length).toBeLessThanOrEqual(result.usage.wallMs / 250 + 1);
  expect(samples.map(({ atMs }) => atMs)).toEqual(samples.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  for (const { memoryBytes, pids } of samples) expect([memoryBytes > 0, pids >= 1 && pids <= 2]).toEqual([true, true]);
});

test("a taker that fails costs its own attempt and nothing else", async () => {
  const result = await executor.execute(specOf(bash("echo out")), { onOutput: () => Promise.reject(new Error("no database")) });
  expect(result).toMatchObject({ outcome: "internal_error", message: "Corral itself failed: no database" });
  expect((await executor.execute(specOf(bash("true")), {})).outcome).toBe("succeeded");
});

test("a signal that stops it does not outlast the grace period, and a stopped script still gets its SIGTERM", async () => {
  const { said, onOutput } = firstOutput();
  const source = "trap 'echo cleaned; exit 0' TERM; kill -STOP $$; sleep 60 & wait";
  const result = await executor.execute(specOf({ ...bash(source), limits: { timeoutMs: 300 }, gracePeriodMs: 10_000 }), { onOutput });
  expect(result.outcome).toBe("timeout");
  expect(await said).toBe("cleaned\n");
  expect(result.usage.wallMs).toBeLessThan(5_000);
});

test("Corral's own Node.js runs for the script's uid also from a directory that others can't pass", async () => {
  const locked = mkdtempSync(join(tmpdir(), "corral-locked-"));
  const inner = await createExecutor({ directory: join(locked, "data"), instance: `locked-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
  const { said, onOutput } = firstOutput();
  const result = await inner.execute(specOf({ language: "node", source: "console.log(process.version)", limits: { memoryBytes: 256 * 1024 ** 2 } }), {
    onOutput,
  });
  await inner.close();
  rmSync(locked, { recursive: true });
  expect(result.outcome).toBe("succeeded");
  expect(await said).toBe(`${process.version}\n`);
});

test("close ends what runs, without any grace, and removes the subtree", async () => {
  const closing = await createExecutor({ directory, instance: `close-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
  const { said, onOutput } = firstOutput();
  const spec = specOf({ ...bash("trap '' TERM; echo up; sleep 60"), gracePeriodMs: 60_000 });
  const attempt = closing.execute(spec, { onOutput });
  await said;
  await closing.close();
  expect((await attempt).outcome).toBe("cancelled");
  await nothingLeft(`/corral-close-${process.pid}`);
  const subtree = `/corral-close-${process.pid}`;
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(" ")[4] ?? "");
  expect(mounts.length).toBeGreaterThan(0);
  for (const mount of mounts)
    expect(
      readdirSync(mount, { recursive: true })
        .map(String)
        .filter((name) => `/${name}`.includes(subtree)),
    ).toEqual([]);
});

test("mixed runs in every slot leave no descriptor, process, cgroup or manifest behind (case 44)", async () => {
  const kinds = [
    { ...bash("exit 0") },
    { ...bash("exit 3"), stdin: "x".repeat(200_000) },
    { ...bash("cat | wc -c"), stdin: "x".repeat(200_000) },
    { ...bash("setsid sleep 60 & echo out") },
    { ...bash("kill -9 $$") },
    { ...bash("sleep 60"), limits: { timeoutMs: 50 }, gracePeriodMs: 0 },
    { ...bash("head -c 3000000 /dev/zero"), limits: { outputMaxBytes: 100_000 } },
    { ...bash("true"), language: "cobol" },
    { ...bash("true"), args: ["x".repeat(200_000)] },
    { language: "python", source: "x = bytearray(1 << 30)", limits: { memoryBytes: 32 * 1024 ** 2 } },
  ];
  const descriptors = () => readdirSync("/proc/self/fd").length;
  const counts = new Map<string, number>();
  const before = descriptors();
  const cgroups: (string | null)[] = [];
  let next = 0;
  const lane = async () => {
    while (next < 60) {
      const spec = specOf(kinds[next++ % kinds.length] ?? bash("true"));
      const { outcome, evidence } = await executor.execute(spec, {});
      cgroups.push(evidence.cgroup);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all([lane(), lane(), lane()]);
  expect(Object.fromEntries(counts)).toEqual({ succeeded: 24, exit_nonzero: 6, signal: 6, timeout: 6, spawn_error: 12, out_of_memory: 6 });
  for (const cgroup of cgroups) await nothingLeft(cgroup);
  expect(readdirSync(join(directory, "attempts"))).toEqual([]);
  expect(descriptors()).toBeLessThanOrEqual(before + 2);
});

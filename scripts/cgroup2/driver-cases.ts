import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { Cgroup } from "../../worker/executor/cgroup/driver.ts";
import { removeCgroup, writeKnob, writeKnobIfPresent } from "../../worker/executor/cgroup/knobs.ts";
import { openV2 } from "../../worker/executor/cgroup/v2.ts";

/** What the v2 driver itself does with the kernel, below the executor. */

const MIB = 1024 ** 2;
const LIMITS = { timeoutMs: 1, memoryBytes: 64 * MIB, cpuMillis: 500, pidsMax: 10, outputMaxBytes: 1, diskMaxBytes: 1 };
const SUBTREE = { memoryBytes: 512 * MIB, pidsMax: 4000 };
const ROOT = "/sys/fs/cgroup";

async function withCgroup(run: (cgroup: Cgroup, directory: string) => Promise<void>) {
  const driver = await openV2(ROOT, "driver", SUBTREE);
  const cgroup = await driver.create("x");
  try {
    await run(cgroup, cgroup.directories[0] ?? "");
  } finally {
    await cgroup.kill();
    await cgroup.destroy();
    await driver.close();
  }
  assert.ok(!existsSync(join(ROOT, "corral-driver")), "its subtree is left");
}

/** Starts a shell in the cgroup and waits until it says that it is there. */
async function spawnIn(cgroup: Cgroup, script: string) {
  const child = spawn("/bin/sh", ["-c", `echo 0 > ${cgroup.joinFiles[0]}; echo in; ${script}`], { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  return child;
}

export const driverCases: { title: string; run: () => Promise<void> }[] = [
  {
    title: "writes every limit as the kernel reads it",
    run: () =>
      withCgroup(async (cgroup, directory) => {
        cgroup.setLimits(LIMITS);
        const knob = (name: string) => readFileSync(join(directory, name), "utf8").trim();
        assert.equal(knob("memory.max"), String(64 * MIB));
        assert.equal(knob("memory.oom.group"), "1");
        assert.equal(knob("cpu.max"), "50000 100000");
        assert.equal(knob("pids.max"), "12");
        if (existsSync(join(directory, "memory.swap.max"))) assert.equal(knob("memory.swap.max"), "0");
      }),
  },
  {
    title: "kills a tree that ignores signals, and says when it is empty",
    run: () =>
      withCgroup(async (cgroup) => {
        const child = await spawnIn(cgroup, "trap '' TERM INT HUP; setsid sleep 100 & sleep 100 & wait");
        const exited = once(child, "exit");
        for (const deadline = performance.now() + 30_000; cgroup.processes().length < 3 && performance.now() < deadline;) await delay(10);
        assert.ok(cgroup.processes().length >= 3);
        await cgroup.kill();
        assert.deepEqual(cgroup.processes(), []);
        await exited;
      }),
  },
  {
    title: "counts CPU, memory and processes",
    run: () =>
      withCgroup(async (cgroup) => {
        const child = await spawnIn(cgroup, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 100");
        let stats = cgroup.stats();
        for (const deadline = performance.now() + 30_000; stats.cpuMs === 0 && performance.now() < deadline; await delay(10)) stats = cgroup.stats();
        assert.ok(stats.cpuMs > 0 && stats.memoryBytes > 0 && stats.peakMemoryBytes >= stats.memoryBytes / 2 && stats.pids >= 1, JSON.stringify(stats));
        child.kill("SIGKILL");
      }),
  },
  {
    title: "lifts the CPU quota",
    run: () =>
      withCgroup(async (cgroup, directory) => {
        cgroup.setLimits(LIMITS);
        assert.doesNotMatch(readFileSync(join(directory, "cpu.max"), "utf8"), /^max /);
        cgroup.liftCpuQuota();
        assert.match(readFileSync(join(directory, "cpu.max"), "utf8"), /^max /);
      }),
  },
  {
    title: "a knob that the kernel lacks is told from one that is forbidden (case 49)",
    run: () =>
      withCgroup(async (_cgroup, directory) => {
        await writeKnobIfPresent(join(directory, "memory.not-there"), 1);
        await assert.rejects(writeKnob(join(directory, "memory.not-there"), 1), /ENOENT/);
        await assert.rejects(writeKnob(join(directory, "memory.max"), "nonsense"), /EINVAL/);
      }),
  },
  {
    title: "does not remove a cgroup that is in use",
    run: () =>
      withCgroup(async (cgroup, directory) => {
        await spawnIn(cgroup, "sleep 100");
        await assert.rejects(removeCgroup(directory, 50), /EBUSY/);
      }),
  },
  {
    title: "moves itself out of a delegated cgroup before it hands controllers down (case 47)",
    run: async () => {
      const { mkdirSync } = await import("node:fs");
      const delegated = join(ROOT, "delegated");
      mkdirSync(delegated);
      writeFileSync(join(delegated, "cgroup.procs"), String(process.pid));
      const driver = await openV2(delegated, "inner", SUBTREE);
      assert.match(readFileSync("/proc/self/cgroup", "utf8"), /^0::\/delegated\/supervisor$/m);
      const cgroup = await driver.create("y");
      assert.ok(existsSync(join(delegated, "corral-inner/y/memory.max")));
      await cgroup.destroy();
      await driver.close();
      writeFileSync(join(ROOT, "cgroup.procs"), String(process.pid));
      await removeCgroup(join(delegated, "supervisor"));
      await removeCgroup(delegated);
    },
  },
];

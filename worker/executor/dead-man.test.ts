import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, expect, test } from "vitest";

import { nothingLeft, processesIn } from "./conformance/left.ts";
import { specOf } from "./conformance/spec.ts";
import { monotonicMs } from "./dead-man.ts";
import { createExecutor } from "./executor.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-dead-man-"));
afterAll(() => rmSync(directory, { recursive: true }));

const STUBBORN = "trap '' TERM; echo up; sleep 60 & wait; sleep 60";

test("what runs at the deadline is cancelled, a later deadline holds it off, and the next script runs as ever", async () => {
  let told = 0;
  const executor = await createExecutor({
    directory,
    instance: `deadline-${process.pid}`,
    allowUnenforced: false,
    maxConcurrent: 2,
    onDeadline: () => (told += 1),
  });
  executor.endAt(monotonicMs() + 500);
  executor.endAt(monotonicMs() + 2_000);
  const quick = await executor.execute(specOf({ language: "bash", source: "sleep 1" }), {});
  expect(quick.outcome).toBe("succeeded");
  const cut = await executor.execute(specOf({ language: "bash", source: STUBBORN }), {});
  expect(cut).toMatchObject({ outcome: "cancelled", signal: "SIGKILL" });
  expect(told).toBe(1);
  await nothingLeft(cut.evidence.cgroup);
  executor.endAt(monotonicMs() + 60_000);
  expect((await executor.execute(specOf({ language: "bash", source: "true" }), {})).outcome).toBe("succeeded");
  await executor.close();
});

test("what is killed at the deadline is cancelled also where the worker learns of its end before it hears why", async () => {
  const name = `unheard-${process.pid}`;
  const executor = await createExecutor({ directory, instance: name, allowUnenforced: false, maxConcurrent: 1 });
  executor.endAt(monotonicMs() + 500);
  // One that says nothing: the kill is this test's.
  const deadMan = Number(spawnSync("pgrep", ["--parent", String(process.pid), "--full", "dead-man-process"], { encoding: "utf8" }).stdout);
  process.kill(deadMan, "SIGSTOP");
  const running = executor.execute(specOf({ language: "bash", source: STUBBORN }), {
    onOutput: async () => {
      await delay(600);
      for (const pid of processesIn(`/corral-${name}`)) process.kill(pid, "SIGKILL");
    },
  });
  const result = await running;
  process.kill(deadMan, "SIGCONT");
  await executor.close();
  expect(result).toMatchObject({ outcome: "cancelled", signal: "SIGKILL" });
});

/** A process of its own that executes a stubborn script; the deadline is so many milliseconds away. */
async function executorProcess(name: string, deadlineMs: number) {
  const moduleOf = (file: string) => JSON.stringify(new URL(file, import.meta.url).pathname);
  const program = `import { createExecutor } from ${moduleOf("executor.ts")};
    import { monotonicMs } from ${moduleOf("dead-man.ts")};
    import { specOf } from ${moduleOf("conformance/spec.ts")};
    const executor = await createExecutor({ directory: ${JSON.stringify(directory)}, instance: ${JSON.stringify(name)}, allowUnenforced: false, maxConcurrent: 1 });
    executor.endAt(monotonicMs() + ${deadlineMs});
    const { outcome } = await executor.execute(specOf({ language: "bash", source: ${JSON.stringify(STUBBORN)} }), { onOutput: () => console.log("up") });
    await executor.close();
    console.log(outcome);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect(await lines.next()).toMatchObject({ value: "up" });
  return { child, lines };
}

test("a worker that is stopped does not keep its scripts alive beyond the deadline, and knows afterwards why they ended", async () => {
  const name = `stopped-${process.pid}`;
  const { child, lines } = await executorProcess(name, 1_500);
  child.kill("SIGSTOP");
  expect(processesIn(`/corral-${name}`)).not.toEqual([]);
  await expect.poll(() => processesIn(`/corral-${name}`), { timeout: 5_000 }).toEqual([]);
  child.kill("SIGCONT");
  expect(await lines.next()).toMatchObject({ value: "cancelled" });
});

test("a worker that is killed leaves nothing running", async () => {
  const name = `killed-${process.pid}`;
  const { child } = await executorProcess(name, 60_000);
  child.kill("SIGKILL");
  await once(child, "exit");
  await delay(500);
  expect(processesIn(`/corral-${name}`)).toEqual([]);
  const successor = await createExecutor({ directory, instance: `successor-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
  expect(await successor.sweep()).toHaveLength(1);
  await successor.close();
});

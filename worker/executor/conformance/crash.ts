import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { createExecutor } from "../executor.ts";
import { nothingLeft, processesIn } from "./run-case.ts";

/** A worker in a process of its own that runs one script for ever, and says when it prints. */
const WORKER = `
import { createExecutor } from ${JSON.stringify(new URL("../executor.ts", import.meta.url).pathname)};
import { specOf } from ${JSON.stringify(new URL("spec.ts", import.meta.url).pathname)};
const [, directory, instance, id] = process.argv;
const executor = await createExecutor({ directory, instance, allowUnenforced: false, maxConcurrent: 2 });
const source = "setsid sleep 300 & (trap '' TERM; sleep 300) & echo up; sleep 300";
await executor.execute(specOf({ id, runId: "the-run", attempt: 3, language: "bash", source }), { onOutput: () => process.send("up") });
`;

async function startWorker(directory: string, instance: string, id: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", WORKER, directory, instance, id], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(child, "message");
  return child;
}

async function killWorker(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/**
 * A killed worker's scripts die with it, a successor sweeps what is left, and a living peer keeps its own (cases 39, 41).
 * @param directory an empty one for the executors
 * @throws AssertionError
 */
export async function crashCase(directory: string): Promise<void> {
  const victim = await startWorker(directory, "victim", "of-victim");
  const peer = await startWorker(directory, "peer", "of-peer");
  assert.ok(processesIn("/corral-victim").length > 3);
  await killWorker(victim);
  // Nobody has swept yet: they die by themselves.
  await nothingLeft("/corral-victim");

  const successor = await createExecutor({ directory, instance: "successor", allowUnenforced: false, maxConcurrent: 1 });
  assert.deepEqual(await successor.sweep(), [{ id: "of-victim", runId: "the-run", attempt: 3 }]);
  assert.ok(processesIn("/corral-peer").length > 3);
  assert.deepEqual(await successor.sweep(), []);
  await successor.close();
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith("pipes-")),
    ["pipes-peer"],
  );

  await killWorker(peer);
  const last = await createExecutor({ directory, instance: "last", allowUnenforced: false, maxConcurrent: 1 });
  assert.deepEqual(await last.sweep(), [{ id: "of-peer", runId: "the-run", attempt: 3 }]);
  await nothingLeft("/corral-peer");
  await last.close();
  assert.deepEqual(readdirSync(join(directory, "workers")), []);
  assert.deepEqual(readdirSync(join(directory, "attempts")), []);
}

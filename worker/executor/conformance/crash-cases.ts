import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { createExecutor } from "../executor.ts";
import { openManifests } from "../manifest.ts";
import type { AttemptManifest } from "../manifest.ts";
import { ownIdentity } from "../process-identity.ts";
import type { ProcedureCase } from "./case.ts";
import { nothingLeft, processesIn } from "./left.ts";

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

/** Starts a victim and a living peer in one directory, kills the victim, and gives what a successor finds. */
async function crash(directory: string): Promise<void> {
  const [victim, peer] = [`victim-${process.pid}`, `peer-${process.pid}`];
  const killed = await startWorker(directory, victim, "of-victim");
  const living = await startWorker(directory, peer, "of-peer");
  assert.ok(processesIn(`/corral-${victim}`).length > 3);
  await killWorker(killed);
  // Nobody has swept yet: they die by themselves.
  await nothingLeft(`/corral-${victim}`);

  const successor = await createExecutor({ directory, instance: `successor-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
  assert.deepEqual(await successor.sweep(), [{ id: "of-victim", runId: "the-run", attempt: 3 }]);
  assert.ok(processesIn(`/corral-${peer}`).length > 3, "a living peer lost its processes");
  assert.deepEqual(await successor.sweep(), []);
  await successor.close();
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith("pipes-")),
    [`pipes-${peer}`],
  );

  await killWorker(living);
  const last = await createExecutor({ directory, instance: `last-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
  assert.deepEqual(await last.sweep(), [{ id: "of-peer", runId: "the-run", attempt: 3 }]);
  await nothingLeft(`/corral-${peer}`);
  await last.close();
  assert.deepEqual(readdirSync(join(directory, "workers")), []);
  assert.deepEqual(readdirSync(join(directory, "attempts")), []);
}

/** A worker that died after it had made a cgroup and before it had said so. */
async function halfMade(directory: string): Promise<void> {
  const program = `
    import { mkdirSync, readFileSync } from "node:fs";
    import { createExecutor } from ${JSON.stringify(new URL("../executor.ts", import.meta.url).pathname)};
    const [, directory, instance] = process.argv;
    await createExecutor({ directory, instance, allowUnenforced: false, maxConcurrent: 1 });
    const { cgroup } = JSON.parse(readFileSync(directory + "/workers/" + instance + ".worker.json", "utf8"));
    for (const path of cgroup.directories) mkdirSync(path + "/slot-0.99");
    process.send(cgroup.directories, () => process.kill(process.pid, "SIGKILL"));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, directory, `half-${process.pid}`], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = once(child, "exit");
  const [directories] = (await once(child, "message")) as [string[]];
  await gone;
  assert.ok(directories.every((path) => existsSync(join(path, "slot-0.99"))));
  const successor = await createExecutor({ directory, instance: `after-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
  assert.deepEqual(await successor.sweep(), []);
  assert.deepEqual(
    directories.filter((path) => existsSync(path)),
    [],
  );
  await successor.close();
}

/** Manifests of a number that was given to another process, of another boot, and of a worker that lives. */
async function recycled(directory: string): Promise<void> {
  const attempts = await openManifests<AttemptManifest>(join(directory, "attempts"));
  const me = await ownIdentity();
  const write = (instance: string, worker: typeof me) =>
    attempts.write({ id: "same.1", instance, worker, runId: instance, attempt: 1, cgroup: { kind: "none", directories: [] } });
  await write("living", me);
  await write("recycled", { ...me, startTime: `${Number(me.startTime) - 1}` });
  await write("rebooted", { ...me, bootId: "another" });
  const successor = await createExecutor({ directory, instance: `sweeper-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
  const swept = await successor.sweep();
  assert.deepEqual(swept.map(({ runId }) => runId).toSorted(), ["rebooted", "recycled"]);
  assert.deepEqual(
    (await attempts.list()).map(({ instance }) => instance),
    ["living"],
  );
  await successor.close();
}

/** Workers that die, and what their successors find. */
export const crashCases: ProcedureCase[] = [
  { number: 39, title: "a killed worker's scripts die with it, and its successor sweeps what is left", run: ({ directory }) => crash(directory) },
  { number: 40, title: "a worker that died between making a cgroup and starting in it leaves nothing", run: ({ directory }) => halfMade(directory) },
  { number: 41, title: "a sweep leaves living workers alone, and knows a number that was given away", run: ({ directory }) => recycled(directory) },
];

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { createExecutor } from "./executor.ts";
import { openManifests } from "./manifest.ts";
import type { AttemptManifest, WorkerManifest } from "./manifest.ts";
import { ownIdentity } from "./process-identity.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-sweep-"));
afterAll(() => rmSync(directory, { recursive: true }));

const successor = () => createExecutor({ directory, instance: `successor-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });

test("a worker that died between making a cgroup and recording it leaves nothing for good (case 40)", async () => {
  const source = `
    import { mkdirSync, readFileSync } from "node:fs";
    import { createExecutor } from ${JSON.stringify(new URL("executor.ts", import.meta.url).pathname)};
    await createExecutor({ directory: ${JSON.stringify(directory)}, instance: "half", allowUnenforced: false, maxConcurrent: 1 });
    const { cgroup } = JSON.parse(readFileSync(${JSON.stringify(join(directory, "workers/half.worker.json"))}, "utf8"));
    for (const path of cgroup.directories) mkdirSync(path + "/run-half");
    console.log(JSON.stringify(cgroup.directories));
    process.kill(process.pid, "SIGKILL");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  const directories = JSON.parse(printed) as string[];
  expect(directories.every((path) => existsSync(join(path, "run-half")))).toBe(true);

  writeFileSync(join(directory, "attempts/half.run.1.json.tmp"), "{");
  const executor = await successor();
  expect(await executor.sweep()).toEqual([]);
  expect(readdirSync(join(directory, "attempts"))).toEqual([]);
  expect(directories.filter((path) => existsSync(path))).toEqual([]);
  expect(readdirSync(join(directory, "workers"))).toEqual([`successor-${process.pid}.worker.json`]);
  await executor.close();
});

test("a number that was given to another process, or a boot ago, is no living worker; the living keep theirs (case 41)", async () => {
  const attempts = await openManifests<AttemptManifest>(join(directory, "attempts"));
  const workers = await openManifests<WorkerManifest>(join(directory, "workers"));
  const me = await ownIdentity();
  const nothing = { kind: "none" as const, directories: [] };
  const attempt = (instance: string, worker: typeof me) => attempts.write({ id: "same.1", instance, worker, runId: instance, attempt: 1, cgroup: nothing });
  await attempt("living", me);
  await attempt("recycled", { ...me, startTime: `${Number(me.startTime) - 1}` });
  await attempt("rebooted", { ...me, bootId: "another" });
  await workers.write({ id: "worker", instance: "living", worker: me, cgroup: nothing, scratch: [] });

  const executor = await successor();
  const swept = await executor.sweep();
  expect(swept.map(({ runId }) => runId).toSorted()).toEqual(["rebooted", "recycled"]);
  expect(await executor.sweep()).toEqual([]);
  expect((await attempts.list()).map(({ instance }) => instance)).toEqual(["living"]);
  await executor.close();
  await attempts.remove({ id: "same.1", instance: "living" });
});

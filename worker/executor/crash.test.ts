import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test, vi } from "vitest";

import { processesIn } from "./conformance/run-case.ts";
import { createExecutor } from "./executor.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-crash-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A worker of its own process that runs one script for ever, and says when it prints. */
const WORKER = `
import { createExecutor } from ${JSON.stringify(new URL("executor.ts", import.meta.url).pathname)};
const executor = await createExecutor({ directory: ${JSON.stringify(directory)}, instance: process.argv[1], allowUnenforced: false, maxConcurrent: 2 });
await executor.execute({
  id: process.argv[2], runId: "the-run", attempt: 3, language: "bash", args: [], env: {}, stdin: null, network: false, gracePeriodMs: 0, onOutputLimit: "truncate",
  source: "setsid sleep 300 & (trap '' TERM; sleep 300) & echo up; sleep 300",
  limits: { timeoutMs: 60000, memoryBytes: 67108864, cpuMillis: 1000, pidsMax: 32, outputMaxBytes: 65536, diskMaxBytes: 1048576 },
}, { onOutput: () => process.send("up") });
`;

async function startWorker(instance: string, id: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", WORKER, instance, id], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(child, "message");
  return child;
}

test("a killed worker's scripts die with it, a successor sweeps what is left, and a living peer keeps its own (cases 39, 41)", async () => {
  const victim = await startWorker("victim", "of-victim");
  const peer = await startWorker("peer", "of-peer");
  expect(processesIn("run-of-victim").length).toBeGreaterThan(3);

  const gone = once(victim, "exit");
  victim.kill("SIGKILL");
  await gone;
  await vi.waitFor(() => expect(processesIn("run-of-victim")).toEqual([]), { timeout: 2_000, interval: 20 });

  const successor = await createExecutor({ directory, instance: "successor", allowUnenforced: false, maxConcurrent: 1 });
  expect(await successor.sweep()).toEqual([{ id: "of-victim", runId: "the-run", attempt: 3 }]);
  expect(processesIn("run-of-peer").length).toBeGreaterThan(3);
  expect(await successor.sweep()).toEqual([]);
  await successor.close();
  expect(readdirSync(directory).filter((name) => name.startsWith("pipes-"))).toEqual(["pipes-peer"]);

  const peerGone = once(peer, "exit");
  peer.kill("SIGKILL");
  await peerGone;
  const last = await createExecutor({ directory, instance: "last", allowUnenforced: false, maxConcurrent: 1 });
  expect(await last.sweep()).toMatchObject([{ id: "of-peer" }]);
  await last.close();
  expect(readdirSync(join(directory, "workers"))).toEqual([]);
});

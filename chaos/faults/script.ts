import { readFileSync } from "node:fs";

import type { Fault } from "../round.ts";
import type { KindName } from "../workload.ts";

// What a script does to its neighbours, its worker and its log.

const hostile = (number: number, name: string, title: string, shows: string, kind: KindName, check?: Fault["check"]): Fault => ({
  number,
  name,
  title,
  shows,
  inject: async (round) => {
    await round.pause(0, 1_200);
    await Promise.all([round.submit(kind), round.submit(kind)]);
  },
  ...(check === undefined ? {} : { check }),
});

const residentBytes = (pid: number | null) => {
  const kib = /VmRSS:\s+(\d+) kB/.exec(pid === null ? "" : readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib ?? 0) * 1024;
};
const WORKER_BYTES = 400 * 1024 ** 2;

const flood: Fault = hostile(
  22,
  "log-flood",
  "a flood of output",
  "head, tail and a mark of what was dropped; the worker's memory flat",
  "flood",
  (round, { runs, attempts }) => {
    for (const worker of [round.rig.a, round.rig.b]) {
      const bytes = residentBytes(worker.process.pid());
      round.measure("workerMiB", Math.round(bytes / 1024 ** 2));
      if (bytes > WORKER_BYTES) round.violation(`worker ${worker.name} holds ${bytes} bytes`);
    }
    for (const { id } of runs.filter(({ name }) => name.endsWith("flood")))
      if (Number(attempts.find(({ run_id }) => run_id === id)?.dropped_bytes ?? 0) === 0) round.violation(`run ${id}: nothing is marked as dropped`);
  },
);

const binary: Fault = hostile(
  23,
  "binary-output",
  "binary output, invalid UTF-8, a line of 100 MB",
  "stored; its page and its API answer",
  "binary",
  async ({ rig, violation }, { runs }) => {
    for (const { id } of runs.filter(({ name }) => name.endsWith("binary"))) {
      for (const path of [`/runs/${id}?include=output`, `/runs/${id}/output?format=ndjson`, `/runs/${id}/output`]) {
        const { status } = await rig.api.send("GET", path);
        if (status !== 200) violation(`${path} is answered with ${status}`);
      }
    }
  },
);

export const SCRIPT_FAULTS: Fault[] = [
  hostile(18, "script-out-of-memory", "a script out of memory", "its verdict says so; neighbours are fine", "oom"),
  hostile(19, "fork-bomb", "a fork bomb", "capped; its tree is gone", "forkBomb"),
  hostile(20, "ignores-sigterm", "a script that ignores SIGTERM and double-forks", "gone at its timeout and grace", "stubborn"),
  hostile(21, "pipe-held", "a grandchild holds the closed output", "ends when the script does", "pipeHeld"),
  flood,
  binary,
];

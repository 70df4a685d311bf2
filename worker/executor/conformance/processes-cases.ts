import assert from "node:assert/strict";

import { bash, python, within } from "./case.ts";
import type { SpecCase } from "./case.ts";

/** Trees of processes, and getting rid of all of them. */
export const processesCases: SpecCase[] = [
  {
    number: 18,
    title: "double fork and setsid",
    spec: python("import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    time.sleep(300)\n  os._exit(0)\nprint('parent done')"),
    outcome: "succeeded",
    check: (result, output) => {
      assert.equal(output.stdout, "parent done\n");
      assert.equal(result.evidence.leftoverProcesses, 1);
      within(result, 5_000);
    },
  },
  {
    number: 19,
    title: "a daemon holds stdout open",
    spec: bash("setsid sleep 300 & echo done"),
    outcome: "succeeded",
    check: (result, output) => {
      assert.equal(output.stdout, "done\n");
      assert.equal(result.evidence.leftoverProcesses, 1);
      within(result, 5_000);
    },
  },
  {
    number: 20,
    title: "twenty nohup daemons",
    spec: bash("for i in $(seq 20); do nohup sleep 300 >/dev/null 2>&1 & done; echo done"),
    outcome: "succeeded",
    check: (result) => assert.equal(result.evidence.leftoverProcesses, 20),
  },
  {
    number: 25,
    title: "bash fork bomb",
    spec: { ...bash("bomb() { bomb | bomb & }; bomb; sleep 60; exit 1"), limits: { pidsMax: 32, timeoutMs: 5_000 }, gracePeriodMs: 100 },
    outcome: "timeout",
    check: (result) => {
      assert.ok(result.evidence.pidsLimitHits > 0);
      assert.ok(result.usage.pidsPeak <= 32);
    },
  },
  {
    number: 26,
    title: "python fork bomb",
    spec: { ...python("import os, time\nwhile True:\n  if os.fork() == 0: time.sleep(60)"), limits: { pidsMax: 24 } },
    outcome: "process_limit",
  },
  {
    number: 27,
    title: "more children than allowed",
    spec: { ...python("import subprocess\nprint(len([subprocess.Popen(['sleep', '60']) for _ in range(100)]))"), limits: { pidsMax: 24 } },
    outcome: "process_limit",
    check: (result) => assert.ok(result.evidence.pidsLimitHits > 0),
  },
  {
    number: 28,
    title: "threads count as processes",
    spec: {
      ...python("import threading, time\nfor _ in range(100): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"),
      limits: { pidsMax: 24 },
    },
    outcome: "process_limit",
    check: (result) => assert.ok(result.usage.pidsPeak <= 24),
  },
  {
    number: 29,
    title: "thirty spinners at a fiftieth of a core die at once",
    spec: { ...bash("for i in $(seq 30); do while :; do :; done & done; wait"), limits: { cpuMillis: 20, timeoutMs: 3_000 }, gracePeriodMs: 0 },
    outcome: "timeout",
    check: (result) => within(result, 9_000),
  },
  {
    number: 30,
    title: "kills every process it can see",
    spec: bash("for pid in $(ls /proc | grep -E '^[0-9]+$' | sort -rn); do [ $pid != $$ ] && kill -9 $pid 2>/dev/null; done; kill -9 -1; echo alive"),
    outcome: "succeeded",
    check: (_result, output) => assert.equal(output.stdout, "alive\n"),
  },
];

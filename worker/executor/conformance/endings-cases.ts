import assert from "node:assert/strict";

import { bash, within } from "./case.ts";
import type { SpecCase } from "./case.ts";

/** How a script ends: by itself, and by us. */
export const endingsCases: SpecCase[] = [
  {
    number: 1,
    title: "hello, arguments, stdin and both streams",
    spec: { ...bash('echo "hello $1"; cat; echo oops >&2; echo again > /dev/stderr'), args: ["big world"], stdin: "from stdin\n" },
    outcome: "succeeded",
    check: (result, output) => {
      assert.equal(output.stdout, "hello big world\nfrom stdin\n");
      assert.equal(output.stderr, "oops\nagain\n");
      assert.equal(result.exitCode, 0);
      assert.equal(result.evidence.leftoverProcesses, 0);
      assert.ok(result.usage.peakMemoryBytes > 100_000);
    },
  },
  { number: 2, title: "exit 3", spec: bash("exit 3"), outcome: "exit_nonzero", check: (result) => assert.equal(result.exitCode, 3) },
  {
    number: 3,
    title: "exit 137 by hand is no kill and no OOM",
    spec: bash("exit 137"),
    outcome: "exit_nonzero",
    check: (result) => assert.deepEqual([result.exitCode, result.signal], [137, null]),
  },
  {
    number: 4,
    title: "SIGSEGV",
    spec: bash("kill -SEGV $$"),
    outcome: "signal",
    check: (result) => assert.deepEqual([result.exitCode, result.signal, result.evidence.signalSentBy], [null, "SIGSEGV", "script"]),
  },
  { number: 5, title: "an interpreter that is not there", spec: { language: "cobol", source: "DISPLAY 1" }, outcome: "spawn_error" },
  {
    number: 15,
    title: "a sleep beyond the timeout",
    spec: { ...bash("echo before; sleep 60; echo after"), limits: { timeoutMs: 600 } },
    outcome: "timeout",
    check: (result, output) => {
      assert.equal(output.stdout, "before\n");
      assert.ok(result.usage.wallMs >= 600);
      assert.match(result.message, /time limit of 600 ms/);
    },
  },
  {
    number: 16,
    title: "traps TERM, INT and HUP",
    spec: { ...bash("trap '' TERM INT HUP; while :; do sleep 1; done"), limits: { timeoutMs: 500 }, gracePeriodMs: 300 },
    outcome: "timeout",
    check: (result) => within(result, 5_000),
  },
  {
    number: 1601,
    title: "gets SIGTERM and the grace to clean up",
    spec: { ...bash("trap 'echo cleaned; exit 0' TERM; sleep 60 & wait"), limits: { timeoutMs: 500 }, gracePeriodMs: 5_000 },
    outcome: "timeout",
    check: (result, output) => {
      assert.equal(output.stdout, "cleaned\n");
      within(result, 4_000);
    },
  },
  { number: 17, title: "stops itself", spec: { ...bash("kill -STOP $$"), limits: { timeoutMs: 500 }, gracePeriodMs: 200 }, outcome: "timeout" },
  {
    number: 42,
    title: "cancel ends the whole tree",
    spec: { ...bash("setsid sleep 300 & sleep 300 & echo up; trap '' TERM; sleep 300"), gracePeriodMs: 200 },
    cancelAtOutput: true,
    outcome: "cancelled",
    check: (result) => within(result, 10_000),
  },
];

import { describe, expect, test } from "vitest";

import { describeOutcome } from "./describe-outcome.ts";
import { decideOutcome, signalSender } from "./outcome.ts";
import type { AttemptFacts } from "./outcome.ts";

const MIB = 1024 ** 2;

const facts = (changes: Partial<AttemptFacts> = {}, evidence: Partial<AttemptFacts["evidence"]> = {}): AttemptFacts => ({
  terminatedFor: null,
  spawnFailure: null,
  internalFailure: null,
  exitCode: 0,
  signal: null,
  ...changes,
  evidence: {
    oomKills: 0,
    thrashing: false,
    pidsLimitHits: 0,
    diskFreeBytes: 100 * MIB,
    leftoverProcesses: 0,
    peakMemoryBytes: 256 * MIB,
    cpuMs: 1,
    throttledMs: 0,
    pidsPeak: 1,
    wallMs: 14_000,
    keptBytes: 0,
    droppedBytes: 0,
    limits: { timeoutMs: 60_000, memoryBytes: 256 * MIB, cpuMillis: 1000, pidsMax: 64, outputMaxBytes: MIB, diskMaxBytes: MIB },
    driver: "cgroup-v2",
    enforced: true,
    network: "off",
    isolation: "user-namespaces",
    cgroup: null,
    ...evidence,
  },
});

describe("the first row that holds decides", () => {
  test.each<[string, AttemptFacts, ReturnType<typeof decideOutcome>]>([
    ["exit 0", facts(), "succeeded"],
    ["exit 3", facts({ exitCode: 3 }), "exit_nonzero"],
    ["exit 137 without a kill", facts({ exitCode: 137 }), "exit_nonzero"],
    ["a signal", facts({ exitCode: null, signal: "SIGSEGV" }), "signal"],
    ["an OOM kill, whatever the exit code", facts({ exitCode: 0 }, { oomKills: 1 }), "out_of_memory"],
    ["an OOM kill of the script", facts({ exitCode: null, signal: "SIGKILL" }, { oomKills: 3 }), "out_of_memory"],
    ["cancel before everything else", facts({ terminatedFor: "cancel", exitCode: null, signal: "SIGKILL" }, { oomKills: 1 }), "cancelled"],
    ["timeout before OOM", facts({ terminatedFor: "timeout", exitCode: null, signal: "SIGKILL" }, { oomKills: 1 }), "timeout"],
    ["thrashing until the timeout", facts({ terminatedFor: "timeout" }, { thrashing: true }), "out_of_memory"],
    ["thrashing that came to an end", facts({}, { thrashing: true }), "succeeded"],
    ["the output limit", facts({ terminatedFor: "output_limit", exitCode: null, signal: "SIGKILL" }), "output_limit"],
    ["failed at the process limit", facts({ exitCode: 1 }, { pidsLimitHits: 2 }), "process_limit"],
    ["met the process limit and coped", facts({ exitCode: 0 }, { pidsLimitHits: 2 }), "succeeded"],
    ["failed with a full workspace", facts({ exitCode: 1 }, { diskFreeBytes: 0 }), "disk_limit"],
    ["filled its workspace and coped", facts({ exitCode: 0 }, { diskFreeBytes: 0 }), "succeeded"],
    ["workspace unknown", facts({ exitCode: 1 }, { diskFreeBytes: null }), "exit_nonzero"],
    ["could not be started", facts({ spawnFailure: "no such file", exitCode: null }), "spawn_error"],
    ["cancelled before it could be started", facts({ terminatedFor: "cancel", spawnFailure: "ended", exitCode: null }), "cancelled"],
    ["cancelled while we failed", facts({ terminatedFor: "cancel", internalFailure: "EAGAIN" }), "cancelled"],
    ["memory too small for the sandbox", facts({ spawnFailure: "ended", exitCode: null }, { oomKills: 1 }), "out_of_memory"],
    ["processes too few for the sandbox", facts({ spawnFailure: "ended", exitCode: null }, { pidsLimitHits: 1 }), "spawn_error"],
    ["killed and its workspace full", facts({ exitCode: null, signal: "SIGBUS" }, { diskFreeBytes: 0 }), "disk_limit"],
    ["our own fault is never the script's", facts({ internalFailure: "EAGAIN", exitCode: 1 }, { oomKills: 1 }), "internal_error"],
  ])("%s", (_title, given, expected) => {
    expect(decideOutcome(given)).toBe(expected);
  });
});

test("who sent the signal", () => {
  expect(signalSender(facts({ exitCode: null, signal: "SIGSEGV" }))).toBe("script");
  expect(signalSender(facts({ exitCode: null, signal: "SIGKILL" }, { oomKills: 1 }))).toBe("oom_killer");
  expect(signalSender(facts({ terminatedFor: "timeout", exitCode: null, signal: "SIGKILL" }))).toBe("corral");
  expect(signalSender(facts())).toBeNull();
});

test("sentences carry the numbers they rest on", () => {
  expect(describeOutcome("out_of_memory", facts({ exitCode: 137 }, { oomKills: 1 }))).toBe("Killed at its 256 MiB memory limit, 14 s in.");
  expect(describeOutcome("out_of_memory", facts({ exitCode: 137 }, { oomKills: 1, peakMemoryBytes: 32 * MIB }))).toBe(
    "Killed by the kernel because this host ran out of memory, at 32 MiB of its own 256 MiB, 14 s in.",
  );
  expect(describeOutcome("timeout", facts())).toBe("Ended at its time limit of 1 min 0 s.");
  expect(describeOutcome("exit_nonzero", facts({ exitCode: 3 }))).toBe("Exited with code 3 after 14 s.");
  expect(describeOutcome("disk_limit", facts({ exitCode: 1 }))).toBe("Failed with exit code 1: its 1 MiB workspace was full, 14 s in.");
});

import type { Run, SubmitRun } from "#server/contracts/runs.ts";

import type { Api } from "./support/api.ts";
import { expect, test } from "./support/test.ts";

/** Limits, timeouts, retries and their outcomes are the same on both paths: one table, run over each. */

const MIB = 1024 ** 2;
const once = { maxRetries: 0 };

const CASES: { title: string; run: SubmitRun; expected: (run: Run) => void }[] = [
  {
    title: "a success keeps its output apart by stream",
    run: { language: "bash", source: 'echo "out: $1"; echo err >&2; cat', args: ["a b"], stdin: "from stdin\n" },
    expected: (run) => {
      expect(run).toMatchObject({ status: "succeeded", outcome: "succeeded", output: { stdout: "out: a b\nfrom stdin\n", stderr: "err\n", truncated: false } });
      expect(run.attempts[0]?.usage?.peakMemoryBytes).toBeGreaterThan(0);
    },
  },
  {
    title: "python runs",
    run: { language: "python", source: "import sys\nprint(sum(int(a) for a in sys.argv[1:]))", args: ["20", "22"] },
    expected: (run) => expect(run).toMatchObject({ status: "succeeded", output: { stdout: "42\n" } }),
  },
  {
    title: "node runs",
    run: { language: "node", source: "console.log(process.env.GREETING, process.version)", env: { GREETING: "hi" } },
    expected: (run) => expect(run.output?.stdout).toMatch(/^hi v2\d\./),
  },
  {
    title: "an exit code is an outcome",
    run: { language: "bash", source: "exit 3", retry: once },
    expected: (run) => {
      expect(run).toMatchObject({ status: "dead", outcome: "exit_nonzero" });
      expect(run.attempts).toMatchObject([{ exitCode: 3 }]);
    },
  },
  {
    title: "a timeout ends the script and says so",
    run: { language: "bash", source: "trap '' TERM; echo before; sleep 60", limits: { timeoutMs: 700 }, retry: once },
    expected: (run) => {
      expect(run).toMatchObject({ status: "dead", outcome: "timeout", output: { stdout: "before\n" } });
      expect(run.attempts[0]?.usage?.wallMs).toBeGreaterThanOrEqual(700);
    },
  },
  {
    title: "a memory hog is out of memory, by the kernel's own counter",
    run: { language: "python", source: "data = []\nwhile True:\n  data.append(bytearray(1 << 20))", limits: { memoryBytes: 48 * MIB }, retry: once },
    expected: (run) => {
      expect(run).toMatchObject({ status: "dead", outcome: "out_of_memory" });
      expect(run.attempts[0]?.evidence?.["oomKills"]).toBeGreaterThan(0);
      expect(run.attempts[0]?.message).toContain("48 MiB");
    },
  },
  {
    title: "a CPU limit throttles",
    run: {
      language: "python",
      source: "import time\nend = time.monotonic() + 1.2\nwhile time.monotonic() < end: pass",
      limits: { cpuMillis: 300 },
    },
    expected: (run) => {
      const usage = run.attempts[0]?.usage;
      expect(run.status).toBe("succeeded");
      expect(usage?.throttledMs).toBeGreaterThan(0);
      expect((usage?.cpuMs ?? Infinity) / (usage?.wallMs ?? 1)).toBeLessThan(0.55);
    },
  },
  {
    title: "a fork bomb meets its process limit",
    run: {
      language: "python",
      source: "import os, time\nwhile True:\n  if os.fork() == 0: time.sleep(60)",
      limits: { pidsMax: 24, timeoutMs: 20_000 },
      retry: once,
    },
    expected: (run) => expect(run).toMatchObject({ status: "dead", outcome: "process_limit" }),
  },
  {
    title: "a flood keeps its head and tail",
    run: { language: "bash", source: "echo first; head -c 2000000 /dev/zero | tr '\\0' x; echo; echo last", limits: { outputMaxBytes: 64 * 1024 } },
    expected: (run) => {
      expect(run).toMatchObject({ status: "succeeded", output: { truncated: true } });
      expect(run.output?.stdout.startsWith("first\n")).toBe(true);
      expect(run.output?.stdout.endsWith("last\n")).toBe(true);
      expect(run.attempts[0]?.output.droppedBytes).toBeGreaterThan(1_900_000);
    },
  },
  {
    title: "a failure is retried with backoff, and each attempt is kept",
    run: {
      language: "bash",
      source: 'echo "attempt $CORRAL_ATTEMPT"; [ "$CORRAL_ATTEMPT" = 3 ]',
      retry: { maxRetries: 4, delayMs: 50, maxDelayMs: 200, jitter: false },
    },
    expected: (run) => {
      expect(run).toMatchObject({ status: "succeeded", output: { stdout: "attempt 3\n" } });
      expect(run.attempts.map((attempt) => attempt.outcome)).toEqual(["exit_nonzero", "exit_nonzero", "succeeded"]);
    },
  },
  {
    title: "a run that wants no dead letter fails",
    run: { language: "bash", source: "kill -SEGV $$", retry: once, deadLetter: false },
    expected: (run) => {
      expect(run).toMatchObject({ status: "failed", outcome: "signal" });
      expect(run.attempts).toMatchObject([{ signal: "SIGSEGV" }]);
    },
  },
];

const PATHS: Record<string, (api: Api, run: SubmitRun) => Promise<Run>> = {
  "queued (POST /runs)": async (api, run) => {
    const { id } = await api.submit(run);
    await api.untilEnded(id);
    return api.run(id, "output");
  },
  "synchronous (POST /execute)": (api, run) => api.execute(run),
};

for (const [path, execute] of Object.entries(PATHS)) {
  test.describe(path, () => {
    for (const { title, run, expected } of CASES) {
      test(title, async ({ api }) => {
        const ended = await execute(api, { name: title, ...run });
        expected(ended);
        expect(ended.lane).toBe(path.startsWith("queued") ? "batch" : "interactive");
      });
    }
  });
}

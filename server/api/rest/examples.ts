import type { Example } from "./endpoint.ts";

// What the document and the reference page show. rest/examples.integration.test.ts sends each to where it belongs.

export const BRIEF: Example = { summary: "A script, and nothing else", value: { language: "bash", source: 'echo "hello, $USER"' } };

export const FULL: Example = {
  summary: "With limits and a retry policy",
  value: {
    name: "Nightly import",
    language: "python",
    source: "import os, sys\nprint(sys.argv[1], os.environ['TARGET'], sys.stdin.read())\n",
    args: ["2026-01-31"],
    env: { TARGET: "staging" },
    stdin: "42",
    limits: { timeoutMs: 60_000, memoryBytes: 268_435_456, cpuMillis: 500, pidsMax: 64 },
    retry: { maxRetries: 2, backoff: "exponential", delayMs: 1_000, retryOn: ["timeout", "exit_nonzero"], finalExitCodes: [2] },
    tags: ["import", "team:data"],
    priority: 10,
  },
};

export const BATCH: Example = {
  summary: "Two runs",
  value: {
    runs: [
      { language: "bash", source: "echo 1", tags: ["batch"] },
      { language: "node", source: "console.log(2)", tags: ["batch"] },
    ],
  },
};

export const RETRY: Example = { summary: "With twice the memory", value: { limits: { memoryBytes: 536_870_912 }, retry: { maxRetries: 1 } } };

export const RETRY_FILTER: Example = {
  summary: "All that timed out, ten first, at most 600 a minute",
  value: { filter: { outcome: ["timeout"] }, limits: { timeoutMs: 600_000 }, canary: { count: 10, passPercent: 80 }, ratePerMinute: 600 },
};

export const DRY_RUN: Example = { summary: "How many it would be", value: { filter: { language: ["python"], tag: ["import"] }, dryRun: true } };

export const DISCARD_IDS: Example = {
  summary: "Two by their ids",
  value: { ids: ["0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"] },
};

export const IGNORE_UNTIL: Example = { summary: "Until the new year", value: { until: "2099-01-01T00:00:00Z" } };

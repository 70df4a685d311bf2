import type { SubmitRun } from "../contracts/runs.ts";

const MIB = 1024 ** 2;

/** Where a sample's input comes from; its newest `maxBytes` when the file is longer, from the next whole line on. */
export type SampleInput = { path: string; maxBytes?: number; missing: string };

/** A script offered on New run, that does real work on real data. */
export type SampleDefinition = {
  id: string;
  title: string;
  description: string;
  language: string;
  /** In `samples/`. */
  file: string;
  input?: SampleInput;
  policy?: Pick<SubmitRun, "limits" | "retry">;
};

const dataset = (name: string): SampleInput => ({
  path: `node_modules/vega-datasets/data/${name}`,
  missing: "Its data, the package vega-datasets, is not installed.",
});

/** In the order in which they are offered. */
export const SAMPLES: readonly SampleDefinition[] = [
  {
    id: "weather-report",
    title: "Weather report",
    description: "Statistics over four years of daily weather, from CSV",
    language: "python",
    file: "weather-report.py",
    input: dataset("seattle-weather.csv"),
  },
  {
    id: "package-log",
    title: "Package log",
    description: "What was installed on this machine, from its own dpkg log",
    language: "bash",
    file: "package-log.sh",
    input: { path: "/var/log/dpkg.log", maxBytes: 256 * 1024, missing: "This machine has no /var/log/dpkg.log to read." },
  },
  {
    id: "movies",
    title: "Movies by genre",
    description: "3,000 films summed up by genre, JSON to JSON",
    language: "node",
    file: "movies.mjs",
    input: dataset("movies.json"),
  },
  {
    id: "primes",
    title: "Primes with progress",
    description: "A long computation that says how far it is",
    language: "python",
    file: "primes.py",
  },
  {
    id: "flaky",
    title: "Flaky upstream",
    description: "Fails twice, then succeeds: retries with backoff",
    language: "bash",
    file: "flaky.sh",
    policy: { retry: { maxRetries: 3, delayMs: 1000, jitter: false } },
  },
  {
    id: "leak",
    title: "Memory leak",
    description: "Grows until it is stopped at 64 MiB, tried again twice",
    language: "node",
    file: "leak.mjs",
    policy: { limits: { memoryBytes: 64 * MIB }, retry: { maxRetries: 2, delayMs: 1000 } },
  },
];

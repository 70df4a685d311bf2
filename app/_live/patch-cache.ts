import type { Attempt, Run, RunSummary, UsageSample } from "#server/contracts/runs.ts";

type Page = { items: RunSummary[] };
type Usage = { attempt: number; samples: UsageSample[] };

/** Puts changed rows in their places; rows never move, come or go. The same object comes back when none is on the page. */
export function patchRows<T extends Page>(page: T, changed: RunSummary[]): T {
  const byId = new Map(changed.map((run) => [run.id, run]));
  if (!page.items.some((run) => byId.has(run.id))) return page;
  return { ...page, items: page.items.map((run) => byId.get(run.id) ?? run) };
}

/** A run as the stream tells it, with what only was asked for once (its script) kept. */
export function patchRun(old: Run, next: Run): Run {
  return {
    ...next,
    ...(old.source === undefined ? {} : { source: old.source }),
    ...(old.stdin === undefined ? {} : { stdin: old.stdin }),
    ...(old.env === undefined ? {} : { env: old.env }),
    ...(old.secretEnv === undefined ? {} : { secretEnv: old.secretEnv }),
    ...(old.output === undefined ? {} : { output: old.output }),
  };
}

/** A run with one attempt replaced, or added in its place. */
export function patchAttempt(run: Run, attempt: Attempt): Run {
  const others = run.attempts.filter((one) => one.number !== attempt.number);
  return { ...run, attempts: [...others, attempt].sort((a, b) => a.number - b.number) };
}

/** Samples appended in order of time, each moment once. */
export function patchUsage(usage: Usage, attempt: number, samples: UsageSample[]): Usage {
  if (usage.attempt !== attempt) return usage;
  const known = new Set(usage.samples.map((sample) => sample.atMs));
  const fresh = samples.filter((sample) => !known.has(sample.atMs));
  if (fresh.length === 0) return usage;
  return { ...usage, samples: [...usage.samples, ...fresh].sort((a, b) => a.atMs - b.atMs) };
}

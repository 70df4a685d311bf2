import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { LIMIT_LOOKS } from "#app/_components/policy/limit-text.ts";
import type { Attempt } from "#server/contracts/runs.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import { formatBytes, formatDuration, formatLimit } from "#server/contracts/units.ts";

export type ComparedFact = { name: string; left: string; right: string; /** "+38 %", where both are quantities. */ change: string | null };

const NOT_YET = "not yet";

/** What two attempts had and did, side by side. Limits that are the same are left out: there are many, and they say nothing. */
export function compareFacts(left: Attempt, right: Attempt): ComparedFact[] {
  const fact = (name: string, say: (attempt: Attempt) => string): ComparedFact => ({ name, left: say(left), right: say(right), change: null });
  const quantity = (name: string, value: (attempt: Attempt) => number | undefined, format: (value: number) => string): ComparedFact => {
    const [a, b] = [value(left), value(right)];
    const say = (one: number | undefined) => (one === undefined ? NOT_YET : format(one));
    return { name, left: say(a), right: say(b), change: a === undefined || b === undefined ? null : changeText(a, b) };
  };
  return [
    fact("Outcome", ({ outcome }) => (outcome === null ? NOT_YET : OUTCOME_LOOKS[outcome].label)),
    fact("Exit", ({ exitCode, signal }) => signal ?? (exitCode === null ? "–" : String(exitCode))),
    quantity("Duration", ({ usage }) => usage?.wallMs, formatDuration),
    quantity("Peak memory", ({ usage }) => usage?.peakMemoryBytes, formatBytes),
    quantity("CPU time", ({ usage }) => usage?.cpuMs, formatDuration),
    quantity("CPU throttled", ({ usage }) => usage?.throttledMs, formatDuration),
    quantity("Processes, peak", ({ usage }) => usage?.pidsPeak, String),
    quantity("Output", ({ output }) => output.stdoutBytes + output.stderrBytes, formatBytes),
    fact("Worker", ({ workerId }) => workerId.slice(-8)),
    ...LIMIT_NAMES.filter((name) => left.limits[name] !== right.limits[name]).map((name) => ({
      name: `${LIMIT_LOOKS[name].label} limit`,
      left: formatLimit(name, left.limits[name]),
      right: formatLimit(name, right.limits[name]),
      change: changeText(left.limits[name], right.limits[name]),
    })),
  ];
}

/** How much more or less the second is, in words; null where it is the same or the first is nothing. */
export function changeText(left: number, right: number): string | null {
  if (left === right || left === 0) return null;
  const ratio = right / left;
  if (ratio >= 2) return `× ${ratio >= 10 ? Math.round(ratio) : Number(ratio.toFixed(1))}`;
  const percent = Math.round((ratio - 1) * 100);
  return percent === 0 ? null : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}

import { STATUS_LOOKS } from "#app/_components/status-badge.tsx";
import type { ManyRuns } from "#server/contracts/runs.ts";

/** `1 run`, `1,234 runs`. */
export const runsText = (count: number) => (count === 1 ? "1 run" : `${count.toLocaleString("en-US")} runs`);

const NAMED = 2;

/** Why some were left alone: `2 skipped, already succeeded (nightly 1, nightly 2)`; undefined when none was. */
export function skippedText(skipped: ManyRuns["skipped"]): string | undefined {
  const byStatus = new Map<string, ManyRuns["skipped"]>();
  for (const run of skipped) {
    const why = run.status === null ? "no longer there" : `already ${STATUS_LOOKS[run.status].label.toLowerCase()}`;
    byStatus.set(why, [...(byStatus.get(why) ?? []), run]);
  }
  const parts = [...byStatus].map(([why, runs]) => {
    const named = runs.slice(0, NAMED).map(({ name, id }) => name ?? id);
    return `${runs.length.toLocaleString("en-US")} skipped, ${why} (${named.join(", ")}${runs.length > NAMED ? ", …" : ""})`;
  });
  return parts.length === 0 ? undefined : parts.join("; ");
}

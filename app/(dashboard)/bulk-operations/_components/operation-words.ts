import { filterWords } from "#app/(dashboard)/dead-letters/_components/filter-words.ts";
import { deadLettersText } from "#app/(dashboard)/dead-letters/_components/bulk-text.ts";
import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { exactDuration, LIMIT_LOOKS } from "#app/_components/policy/limit-text.ts";
import type { Tone } from "#app/_components/ui/tone.ts";
import type { BulkOperation } from "#server/contracts/dead-letters.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import { formatLimit } from "#server/contracts/units.ts";

const number = (count: number) => count.toLocaleString("en-US");

/** What it does, and what its successes are called. */
export const KIND_WORDS = {
  retry: { title: "Retry of dead letters", short: "Retry", succeeded: "queued again" },
  discard: { title: "Discard of dead letters", short: "Discard", succeeded: "discarded" },
} as const;

export const OPERATION_LOOKS: Record<BulkOperation["status"], { label: string; tone: Tone }> = {
  pending: { label: "Waiting for a worker", tone: "info" },
  running: { label: "Running", tone: "info" },
  paused: { label: "Paused", tone: "warning" },
  finished: { label: "Finished", tone: "success" },
  aborted: { label: "Aborted", tone: "neutral" },
};

/** Whether nothing more will come of it. */
export const hasEnded = ({ status }: Pick<BulkOperation, "status">) => status === "finished" || status === "aborted";

/** How it looks where it stands: an end with failures is no success. */
export function toneOf({ status, failed }: Pick<BulkOperation, "status" | "failed">): Tone {
  return status === "finished" && failed > 0 ? "danger" : OPERATION_LOOKS[status].tone;
}

/** Which dead letters it was started over, in a sentence. */
export function selectionWords({ named, filter, excluded, excludedGroups, included }: BulkOperation["selection"]): string {
  if (filter === null) return `${deadLettersText(named)} chosen one by one`;
  const conditions = filterWords(filter, (outcome) => OUTCOME_LOOKS[outcome].label);
  const less = [
    ...(excluded > 0 ? [deadLettersText(excluded)] : []),
    ...(excludedGroups > 0 ? [`${number(excludedGroups)} ${excludedGroups === 1 ? "group" : "groups"}`] : []),
  ];
  return [
    conditions.length === 0 ? "All dead letters" : `All dead letters that meet: ${conditions.join("; ")}`,
    ...(less.length > 0 ? [`less ${less.join(" and ")} unticked`] : []),
    ...(included > 0 ? [`and ${number(included)} more chosen one by one`] : []),
  ].join(", ");
}

/** What it changes of each run's policy; empty when nothing. */
export function changeWords({ limits, limitFactors, retry }: Pick<BulkOperation, "limits" | "limitFactors" | "retry">): { name: string; value: string }[] {
  const raised = LIMIT_NAMES.flatMap((name) => {
    const { label } = LIMIT_LOOKS[name];
    const [value, factor] = [limits?.[name], limitFactors?.[name]];
    if (value !== undefined) return [{ name: label, value: formatLimit(name, value) }];
    return factor === undefined ? [] : [{ name: label, value: `× ${factor} of each run’s own, up to the maximum` }];
  });
  return [...raised, ...Object.entries(retry ?? {}).map(([name, value]) => ({ name: RETRY_NAMES[name] ?? name, value: retryValue(name, value) }))];
}

const RETRY_NAMES: Record<string, string> = {
  maxRetries: "Retries",
  backoff: "Backoff",
  delayMs: "First delay",
  maxDelayMs: "Longest delay",
  jitter: "Jitter",
  retryOn: "Retry after",
  finalExitCodes: "Final exit codes",
  retryExitCodes: "Retried exit codes",
  memoryFactor: "Memory factor",
  timeoutFactor: "Timeout factor",
};

function retryValue(name: string, value: unknown): string {
  if (typeof value === "number") return name.endsWith("Ms") ? exactDuration(value) : String(value);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return String(value);
}

/** What became of its canaries. `verdict`: null while they can still turn out either way. */
export function canaryWords({ canary, total, status }: Pick<BulkOperation, "canary" | "total" | "status">) {
  if (canary === null) return null;
  const { count, passPercent, state, succeeded, failed } = canary;
  const sent = Math.min(count, total);
  const open = Math.max(0, sent - succeeded - failed);
  const passed = succeeded >= Math.ceil((sent * passPercent) / 100);
  const verdict: { label: string; tone: Tone } | null =
    state === "judged"
      ? passed
        ? { label: "Canary passed", tone: "success" }
        : { label: "Let go all the same", tone: "warning" }
      : status === "paused" && failed > 0 && !passed && failed > sent - Math.ceil((sent * passPercent) / 100)
        ? { label: "Canary failed", tone: "danger" }
        : status === "aborted"
          ? { label: "Canary not judged", tone: "neutral" }
          : null;
  return {
    rule: `The first ${number(sent)} ${sent === 1 ? "goes" : "go"} ahead; the rest follows if ${passPercent} % of them pass.`,
    result: `${number(succeeded)} passed, ${number(failed)} failed${open > 0 ? `, ${number(open)} ${open === 1 ? "has" : "have"} not ended` : ""}.`,
    verdict,
  };
}

/** How long it will take yet at its pace, in milliseconds; null without one, or at its end. */
export function timeLeftMs(operation: Pick<BulkOperation, "status" | "total" | "done" | "ratePerMinute">): number | null {
  const { total, done, ratePerMinute } = operation;
  return ratePerMinute === null || hasEnded(operation) || done >= total ? null : ((total - done) / ratePerMinute) * 60_000;
}

import { exactDuration, exactLimit, LIMIT_LOOKS } from "#app/_components/policy/limit-text.ts";
import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { LIMIT_NAMES, OUTCOMES } from "#server/contracts/statuses.ts";

const NAMES: Record<string, string> = {
  "retry.maxRetries.default": "Retries, default",
  "retry.maxRetries.maximum": "Retries, maximum",
  "retry.backoff": "Backoff",
  "retry.delayMs": "First delay",
  "retry.maxDelayMs": "Longest delay",
  "retry.jitter": "Jitter",
  "retry.retryOn": "Retry after",
  "retry.finalExitCodes": "Final exit codes",
  "retry.retryExitCodes": "Retried exit codes",
  "retry.memoryFactor": "Memory factor",
  "retry.timeoutFactor": "Timeout factor",
  "execute.defaultWaitMs": "Wait, default",
  "execute.maximumWaitMs": "Wait, maximum",
  "execute.maximumQueued": "Queue, maximum",
  "termination.gracePeriodMs": "Grace period",
  "termination.onOutputLimit": "At the output limit",
  "network.allowed": "Network access",
  "retention.runsDays": "Keep runs",
  "retention.deadLettersDays": "Keep dead letters",
  "retention.outputDays": "Keep output",
};

const limitAt = (path: string) => LIMIT_NAMES.find((name) => path.startsWith(`limits.${name}.`));

/** What a setting is called on the page. */
export function settingName(path: string): string {
  const limit = limitAt(path);
  if (limit !== undefined) return `${LIMIT_LOOKS[limit].label}, ${path.endsWith(".maximum") ? "maximum" : "default"}`;
  return NAMES[path] ?? path;
}

/** A setting's value for a person, in its own unit. */
export function settingText(path: string, value: unknown): string {
  if (value === undefined || value === null) return "not set";
  const limit = limitAt(path);
  if (typeof value === "number") {
    if (limit !== undefined) return exactLimit(limit, value);
    if (path.endsWith("Ms")) return exactDuration(value);
    if (path.endsWith("Days")) return value === 1 ? "1 day" : `${value} days`;
    return String(value);
  }
  if (typeof value === "boolean") return path === "network.allowed" ? (value ? "allowed" : "not allowed") : value ? "on" : "off";
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.map(outcomeText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function outcomeText(value: unknown): string {
  const outcome = OUTCOMES.find((one) => one === value);
  return outcome === undefined ? String(value) : OUTCOME_LOOKS[outcome].label;
}

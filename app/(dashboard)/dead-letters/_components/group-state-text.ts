import type { DeadLetterGroup } from "#server/contracts/dead-letters.ts";

const HOUR_MS = 3_600_000;

/** For how long a group may be set aside with one choice. */
export const IGNORE_CHOICES = [
  { label: "1 hour", ms: HOUR_MS },
  { label: "1 day", ms: 24 * HOUR_MS },
  { label: "1 week", ms: 7 * 24 * HOUR_MS },
  { label: "30 days", ms: 30 * 24 * HOUR_MS },
] as const;

/** A date field's text as a moment; null when it is none, or has passed. */
export function readUntil(text: string, now: number): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) || at <= now ? null : new Date(at).toISOString();
}

/** The inputs that made dead letters alike, each with its name; what was not there says so. */
export function whyGrouped({ why: { exitCode, signal, script, line } }: DeadLetterGroup, outcome: string): { name: string; value: string }[] {
  return [
    { name: "Outcome", value: outcome },
    { name: "Exit code", value: exitCode === null ? "none" : String(exitCode) },
    { name: "Signal", value: signal ?? "none" },
    { name: "Script", value: script },
    { name: "Line that tells of the error", value: line ?? "none that tells of an error" },
  ];
}

import type { RetryInput, RetryPolicy } from "#server/contracts/policy.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import { formatDuration, parseDuration } from "#server/contracts/units.ts";

import { parseCount } from "./limit-text.ts";
import { BOTH_PROBLEM, CODES_PROBLEM, FACTOR_PROBLEM, codesText, parseCodes, parseFactor } from "./matrix-text.ts";

/** The retry block of a form: text as typed; empty text and null leave a field to the settings. */
export type RetryDraft = {
  maxRetries: string;
  backoff: RetryPolicy["backoff"] | null;
  delay: string;
  maxDelay: string;
  jitter: boolean | null;
  retryOn: RetryPolicy["retryOn"] | null;
  finalCodes: string;
  retryCodes: string;
  memoryFactor: string;
  timeoutFactor: string;
};

export const EMPTY_RETRY_DRAFT: RetryDraft = {
  maxRetries: "",
  backoff: null,
  delay: "",
  maxDelay: "",
  jitter: null,
  retryOn: null,
  finalCodes: "",
  retryCodes: "",
  memoryFactor: "",
  timeoutFactor: "",
};

const CHECKED_FIELDS = ["maxRetries", "delayMs", "maxDelayMs", "finalExitCodes", "retryExitCodes", "memoryFactor", "timeoutFactor"] as const;
export type RetryDefaults = SettingsValues["retry"];
export type RetryProblems = Partial<Record<(typeof CHECKED_FIELDS)[number], string>>;

const LONGEST_DELAY_MS = 86_400_000;

function readDelay(text: string, what: string): { value: number | undefined; problem: string | undefined } {
  if (text.trim() === "") return { value: undefined, problem: undefined };
  const value = parseDuration(text);
  if (value === null) return { value: undefined, problem: `${what} can’t be read. Write it like 2s or 1m30s.` };
  if (value > LONGEST_DELAY_MS) return { value, problem: `${what} must be at most 24 h.` };
  return { value, problem: undefined };
}

/** What a retry block asks for, only what was set, and what is wrong with it by field. */
export function readRetry(draft: RetryDraft, defaults: RetryDefaults): { input: RetryInput; problems: RetryProblems } {
  const input: RetryInput = {};
  const problems: RetryProblems = {};
  if (draft.maxRetries.trim() !== "") {
    const value = parseCount(draft.maxRetries);
    if (value === null) problems.maxRetries = "Retries must be a whole number, 0 or more.";
    else if (value > defaults.maxRetries.maximum)
      problems.maxRetries = `Retries is above the maximum of ${defaults.maxRetries.maximum} set by the administrator.`;
    if (value !== null) input.maxRetries = value;
  }
  const delay = readDelay(draft.delay, "The delay");
  const maxDelay = readDelay(draft.maxDelay, "The longest delay");
  if (delay.value !== undefined) input.delayMs = delay.value;
  if (maxDelay.value !== undefined) input.maxDelayMs = maxDelay.value;
  if (delay.problem !== undefined) problems.delayMs = delay.problem;
  else if (delay.value !== undefined && maxDelay.value !== undefined && delay.value > maxDelay.value)
    problems.delayMs = "The delay must not be longer than the longest delay.";
  if (maxDelay.problem !== undefined) problems.maxDelayMs = maxDelay.problem;
  if (draft.backoff !== null) input.backoff = draft.backoff;
  if (draft.jitter !== null) input.jitter = draft.jitter;
  if (draft.retryOn !== null) input.retryOn = draft.retryOn;
  readMatrix(draft, input, problems);
  return { input, problems };
}

function readMatrix(draft: RetryDraft, input: RetryInput, problems: RetryProblems) {
  for (const [field, text] of [
    ["finalExitCodes", draft.finalCodes],
    ["retryExitCodes", draft.retryCodes],
  ] as const) {
    if (text.trim() === "") continue;
    const codes = parseCodes(text);
    if (codes === null) problems[field] = CODES_PROBLEM;
    else input[field] = codes;
  }
  if (input.retryExitCodes?.some((code) => input.finalExitCodes?.includes(code) === true) === true) problems.retryExitCodes = BOTH_PROBLEM;
  for (const field of ["memoryFactor", "timeoutFactor"] as const) {
    if (draft[field].trim() === "") continue;
    const factor = parseFactor(draft[field]);
    if (factor === null) problems[field] = FACTOR_PROBLEM;
    else input[field] = factor;
  }
}

/** The policy that a run would get: what is asked for, else the settings'; a delay given alone pulls the other along, as the server does. */
export function policyInForce(input: RetryInput, defaults: RetryDefaults): RetryPolicy {
  const delayMs = input.delayMs ?? (input.maxDelayMs === undefined ? defaults.delayMs : Math.min(defaults.delayMs, input.maxDelayMs));
  return {
    maxRetries: input.maxRetries ?? defaults.maxRetries.default,
    backoff: input.backoff ?? defaults.backoff,
    delayMs,
    maxDelayMs: input.maxDelayMs ?? Math.max(defaults.maxDelayMs, delayMs),
    jitter: input.jitter ?? defaults.jitter,
    retryOn: input.retryOn ?? defaults.retryOn,
    finalExitCodes: input.finalExitCodes ?? defaults.finalExitCodes,
    retryExitCodes: input.retryExitCodes ?? defaults.retryExitCodes,
    memoryFactor: input.memoryFactor ?? defaults.memoryFactor,
    timeoutFactor: input.timeoutFactor ?? defaults.timeoutFactor,
  };
}

/** What the server refused of a retry block, out of all it refused (`retry.delayMs`). */
export function retryRefusals(refusalAt: (path: string) => string | undefined): RetryProblems {
  const refusals: RetryProblems = {};
  for (const field of CHECKED_FIELDS) {
    const message = refusalAt(`retry.${field}`);
    if (message !== undefined) refusals[field] = message;
  }
  return refusals;
}

/** A stored policy as a retry block that asks for exactly it. */
export function draftOfRetry(policy: RetryPolicy, exact: (ms: number) => string): RetryDraft {
  return {
    maxRetries: String(policy.maxRetries),
    backoff: policy.backoff,
    delay: exact(policy.delayMs),
    maxDelay: exact(policy.maxDelayMs),
    jitter: policy.jitter,
    retryOn: policy.retryOn,
    finalCodes: codesText(policy.finalExitCodes),
    retryCodes: codesText(policy.retryExitCodes),
    memoryFactor: String(policy.memoryFactor),
    timeoutFactor: String(policy.timeoutFactor),
  };
}

/** `1 attempt`, `up to 4 attempts`. */
export const attemptsText = (attempts: number) => (attempts === 1 ? "1 attempt" : `up to ${attempts} attempts`);

/** A duration for a sentence: whole units, no "0 ms". */
export const durationText = (ms: number) => (ms === 0 ? "0 s" : formatDuration(ms));

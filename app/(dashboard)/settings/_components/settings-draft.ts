import { exactDuration, exactLimit, LIMIT_LOOKS, parseCount, parseLimit } from "#app/_components/policy/limit-text.ts";
import { BOTH_PROBLEM, CODES_PROBLEM, FACTOR_PROBLEM, codesText, parseCodes, parseFactor } from "#app/_components/policy/matrix-text.ts";
import type { Limits } from "#server/contracts/policy.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import { LIMIT_FLOORS, LIMIT_NAMES } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";
import { formatLimit, parseDuration } from "#server/contracts/units.ts";

import { leaves, same } from "./settings-leaves.ts";

const DAY_MS = 86_400_000;

type Texts<Names extends string> = Record<Names, string>;

/** The settings form as a person sees it: numbers are text in human units until they are saved. */
export type SettingsDraft = {
  limits: Record<LimitName, { default: string; maximum: string }>;
  retry: Texts<"default" | "maximum" | "delay" | "maxDelay" | "finalCodes" | "retryCodes" | "memoryFactor" | "timeoutFactor"> &
    Pick<SettingsValues["retry"], "backoff" | "jitter" | "retryOn">;
  execute: Texts<"defaultWait" | "maximumWait" | "maximumQueued">;
  termination: Texts<"gracePeriod"> & Pick<SettingsValues["termination"], "onOutputLimit">;
  network: SettingsValues["network"];
  retention: Texts<"runs" | "deadLetters" | "output">;
};

/** Settings as a form. */
export function draftOfSettings(values: SettingsValues): SettingsDraft {
  const { retry, execute, termination, network, retention } = values;
  return {
    limits: Object.fromEntries(
      LIMIT_NAMES.map((name) => [name, { default: exactLimit(name, values.limits[name].default), maximum: exactLimit(name, values.limits[name].maximum) }]),
    ) as SettingsDraft["limits"],
    retry: {
      default: String(retry.maxRetries.default),
      maximum: String(retry.maxRetries.maximum),
      delay: exactDuration(retry.delayMs),
      maxDelay: exactDuration(retry.maxDelayMs),
      backoff: retry.backoff,
      jitter: retry.jitter,
      retryOn: retry.retryOn,
      finalCodes: codesText(retry.finalExitCodes),
      retryCodes: codesText(retry.retryExitCodes),
      memoryFactor: String(retry.memoryFactor),
      timeoutFactor: String(retry.timeoutFactor),
    },
    execute: {
      defaultWait: exactDuration(execute.defaultWaitMs),
      maximumWait: exactDuration(execute.maximumWaitMs),
      maximumQueued: String(execute.maximumQueued),
    },
    termination: { gracePeriod: exactDuration(termination.gracePeriodMs), onOutputLimit: termination.onOutputLimit },
    network: { allowed: network.allowed },
    retention: { runs: String(retention.runsDays), deadLetters: String(retention.deadLettersDays), output: String(retention.outputDays) },
  };
}

/** Problems by the path of the value: the same paths as the server's. */
export type SettingsProblems = Record<string, string>;

/**
 * The settings that a form means, and what is wrong with it; the values only count when nothing is. A maximum that stays as it is in
 * `base` is not held against a host that has become smaller.
 */
export function readSettings(draft: SettingsDraft, ceilings: Limits, base: SettingsValues): { values: SettingsValues; problems: SettingsProblems } {
  const problems: SettingsProblems = {};
  const refuse = (path: string, message: string) => {
    problems[path] ??= message;
  };

  const limits = Object.fromEntries(
    LIMIT_NAMES.map((name) => {
      const read = (which: "default" | "maximum") => {
        const value = parseLimit(name, draft.limits[name][which]);
        if (value === null) refuse(`limits.${name}.${which}`, `Can’t be read. Write it like ${LIMIT_LOOKS[name].example}.`);
        return value ?? 0;
      };
      const [preset, maximum] = [read("default"), read("maximum")];
      if (preset < LIMIT_FLOORS[name]) refuse(`limits.${name}.default`, `At least ${formatLimit(name, LIMIT_FLOORS[name])}, or no script can start.`);
      if (maximum > ceilings[name] && maximum !== base.limits[name].maximum)
        refuse(`limits.${name}.maximum`, `Above what the host can give: ${formatLimit(name, ceilings[name])}.`);
      if (preset > maximum && problems[`limits.${name}.maximum`] === undefined)
        refuse(`limits.${name}.default`, `Above the maximum of ${formatLimit(name, maximum)}.`);
      return [name, { default: preset, maximum }];
    }),
  ) as SettingsValues["limits"];

  const count = (path: string, text: string, low: number, high: number) => {
    const value = parseCount(text);
    if (value === null || value < low || value > high) refuse(path, `A whole number from ${low} to ${high}.`);
    return value ?? low;
  };
  const duration = (path: string, text: string, high: number) => {
    const value = parseDuration(text);
    if (value === null) refuse(path, "Can’t be read. Write it like 90s or 5m.");
    else if (value > high) refuse(path, `At most ${exactDuration(high)}.`);
    return value ?? 0;
  };

  const codes = (path: string, text: string) => {
    const value = parseCodes(text);
    if (value === null) refuse(path, CODES_PROBLEM);
    return value ?? [];
  };
  const factor = (path: string, text: string) => {
    const value = parseFactor(text);
    if (value === null) refuse(path, FACTOR_PROBLEM);
    return value ?? 1;
  };

  const { retry, execute } = draft;
  const values: SettingsValues = {
    limits,
    retry: {
      maxRetries: { default: count("retry.maxRetries.default", retry.default, 0, 100), maximum: count("retry.maxRetries.maximum", retry.maximum, 0, 100) },
      backoff: retry.backoff,
      delayMs: duration("retry.delayMs", retry.delay, DAY_MS),
      maxDelayMs: duration("retry.maxDelayMs", retry.maxDelay, DAY_MS),
      jitter: retry.jitter,
      retryOn: retry.retryOn,
      finalExitCodes: codes("retry.finalExitCodes", retry.finalCodes),
      retryExitCodes: codes("retry.retryExitCodes", retry.retryCodes),
      memoryFactor: factor("retry.memoryFactor", retry.memoryFactor),
      timeoutFactor: factor("retry.timeoutFactor", retry.timeoutFactor),
    },
    execute: {
      defaultWaitMs: duration("execute.defaultWaitMs", execute.defaultWait, 3_600_000),
      maximumWaitMs: duration("execute.maximumWaitMs", execute.maximumWait, 3_600_000),
      maximumQueued: count("execute.maximumQueued", execute.maximumQueued, 1, 10_000),
    },
    termination: {
      gracePeriodMs: duration("termination.gracePeriodMs", draft.termination.gracePeriod, 60_000),
      onOutputLimit: draft.termination.onOutputLimit,
    },
    network: draft.network,
    retention: {
      runsDays: count("retention.runsDays", draft.retention.runs, 1, 3650),
      deadLettersDays: count("retention.deadLettersDays", draft.retention.deadLetters, 1, 3650),
      outputDays: count("retention.outputDays", draft.retention.output, 1, 3650),
    },
  };
  if (values.retry.maxRetries.default > values.retry.maxRetries.maximum)
    refuse("retry.maxRetries.default", `Above the maximum of ${values.retry.maxRetries.maximum}.`);
  if (values.retry.delayMs > values.retry.maxDelayMs) refuse("retry.delayMs", "Longer than the longest delay.");
  if (values.retry.retryExitCodes.some((code) => values.retry.finalExitCodes.includes(code))) refuse("retry.retryExitCodes", BOTH_PROBLEM);
  if (values.execute.defaultWaitMs > values.execute.maximumWaitMs) refuse("execute.defaultWaitMs", "Above the maximum wait.");
  return { values, problems };
}

/** How many values a form would change. Texts that mean the same (`1024M`, `1 GiB`) change nothing. */
export function countChanges(draft: SettingsDraft, base: SettingsValues, ceilings: Limits): number {
  const { values, problems } = readSettings(draft, ceilings, base);
  const before = new Map(leaves(base));
  const unreadable = Object.keys(problems);
  return leaves(values).filter(([path, value]) => unreadable.includes(path) || !same(before.get(path), value)).length;
}

import { LIMIT_LOOKS, readLimit } from "#app/_components/policy/limit-text.ts";
import type { LimitFactors, LimitsInput } from "#server/contracts/policy.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";
import { formatLimit } from "#server/contracts/units.ts";

/** Limits as typed: a value, a multiple of each run's own (`× 2`), or nothing for each run's own. */
export type RaiseTexts = Partial<Record<LimitName, string>>;

export const FACTOR_CHOICES = [1.5, 2, 4] as const;
const FACTOR = /^(?:[×x*]\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*[×x])$/i;

export const factorText = (factor: number) => `× ${factor}`;

/** What was typed, in the words of a retry, and what can't be used of it. */
export function readRaise(texts: RaiseTexts, rules: SettingsValues["limits"]) {
  const limits: LimitsInput = {};
  const limitFactors: LimitFactors = {};
  const problems: Partial<Record<LimitName, string>> = {};
  for (const name of LIMIT_NAMES) {
    const text = texts[name]?.trim() ?? "";
    const match = FACTOR.exec(text);
    if (match !== null) {
      const factor = Number(match[1] ?? match[2]);
      if (factor < 1 || factor > 100) problems[name] = "A factor from 1 to 100.";
      else limitFactors[name] = factor;
      continue;
    }
    const { value, problem } = readLimit(name, text, rules[name]);
    if (problem !== null)
      problems[name] = problem.kind === "unreadable" ? `Can’t be read. Write it like ${LIMIT_LOOKS[name].example}, or × 2.` : problem.message;
    else if (value !== null) limits[name] = value;
  }
  return { limits, limitFactors, problems };
}

type Span = { min: number; max: number };

const spanText = (name: LimitName, { min, max }: Span) => (min === max ? formatLimit(name, min) : `${formatLimit(name, min)} to ${formatLimit(name, max)}`);
const runsText = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count.toLocaleString("en-US")} ${many}`);

/** One limit before and after, and what is worth a second look. */
export function previewWords(
  { name, before, after, clamped, lowered }: { name: LimitName; before: Span; after: Span; clamped: number; lowered: number },
  maximum: number,
) {
  return {
    before: spanText(name, before),
    after: spanText(name, after),
    warnings: [
      ...(clamped > 0 ? [`${runsText(clamped, "stops", "stop")} at the maximum of ${formatLimit(name, maximum)}.`] : []),
      ...(lowered > 0 ? [runsText(lowered, "gets less than it had.", "get less than they had.")] : []),
    ],
  };
}

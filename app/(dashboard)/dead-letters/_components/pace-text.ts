import type { RetryDeadLetters } from "#server/contracts/dead-letters.ts";

/** How a retry of many is to be sent, as typed; empty means without. */
export type PaceDraft = { rate: string; canaryCount: string; canaryPercent: string };

export const NO_PACE: PaceDraft = { rate: "", canaryCount: "", canaryPercent: "80" };

type Pace = Pick<RetryDeadLetters, "ratePerMinute" | "canary">;
type Problems = Partial<Record<keyof PaceDraft, string>>;

/** What a pace as typed means, and what can't be used of it. */
export function readPace({ rate, canaryCount, canaryPercent }: PaceDraft): { pace: Pace; problems: Problems } {
  const problems: Problems = {};
  const read = (name: keyof PaceDraft, text: string, most: number): number | undefined => {
    if (text.trim() === "") return undefined;
    const value = /^[\d,\s]+$/.test(text) ? Number(text.replaceAll(/[,\s]/g, "")) : Number.NaN;
    if (value >= 1 && value <= most) return value;
    problems[name] = `A whole number from 1 to ${most.toLocaleString("en-US")}.`;
    return undefined;
  };
  const ratePerMinute = read("rate", rate, 100_000);
  const count = read("canaryCount", canaryCount, 1_000);
  const passPercent = count === undefined ? undefined : read("canaryPercent", canaryPercent === "" ? "80" : canaryPercent, 100);
  return {
    pace: {
      ...(ratePerMinute === undefined ? {} : { ratePerMinute }),
      ...(count === undefined || passPercent === undefined ? {} : { canary: { count, passPercent } }),
    },
    problems,
  };
}

import { inWords } from "./check.ts";
import type { Check } from "./check.ts";

/** This host can't hold scripts as promised; the message has every reason, each with its remedy. */
export class HostRefusal extends Error {
  override readonly name = "HostRefusal";
  readonly code = "host_refused";
}

/** @throws HostRefusal when a check failed, in the words that `npm run doctor` prints */
export function refuseHost(checks: readonly Check[]): void {
  const reasons = checks.filter(({ status }) => status === "failed").map((check) => `${check.title}: ${inWords(check)}`);
  if (reasons.length > 0) throw new HostRefusal(reasons.join("\n"));
}

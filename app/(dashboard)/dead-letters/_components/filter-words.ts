import type { DeadLetterFilter } from "#server/contracts/dead-letters.ts";
import type { Outcome } from "#server/contracts/statuses.ts";

import { momentText } from "./bulk-text.ts";

const quoted = (values: readonly string[]) => values.map((value) => `“${value}”`).join(" or ");

/** A filter in words, a condition each: what a page shows, and what an operation was started over. */
export function filterWords(
  { outcome, language, tag, q, group, groupState, from, to, diedBefore }: DeadLetterFilter,
  outcomeWord: (outcome: Outcome) => string,
) {
  return [
    ...(q === undefined ? [] : [`name or id has “${q}”`]),
    ...(outcome === undefined ? [] : [`outcome ${outcome.map((one) => outcomeWord(one).toLowerCase()).join(" or ")}`]),
    ...(language === undefined ? [] : [`language ${language.join(" or ")}`]),
    ...(tag === undefined ? [] : [`tagged ${tag.map((one) => `“${one}”`).join(" and ")}`]),
    ...(group === undefined
      ? []
      : [group.length > 3 ? `in one of ${group.length.toLocaleString("en-US")} groups` : `in the group ${quoted(group.map((one) => one.slice(0, 8)))}`]),
    ...(groupState === undefined ? [] : [`in ${groupState.join(" or ")} groups`]),
    ...(from === undefined ? [] : [`created from ${momentText(from)}`]),
    ...(to === undefined ? [] : [`created before ${momentText(to)}`]),
    ...(diedBefore === undefined ? [] : [`died before ${momentText(diedBefore)}`]),
  ];
}

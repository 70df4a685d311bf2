"use client";

import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";

import type { DeadLetterFilter, GroupState } from "#server/contracts/dead-letters.ts";
import { OUTCOMES } from "#server/contracts/statuses.ts";

/** Groups of dead letters that died alike, or each by itself. */
export const VIEWS = ["groups", "runs"] as const;
/** What was said of the groups that are shown. */
export const SHOWN_STATES = ["open", "ignored", "resolved", "all"] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

const PARSERS = {
  view: parseAsStringLiteral(VIEWS).withDefault("groups"),
  state: parseAsStringLiteral(SHOWN_STATES),
  outcome: parseAsArrayOf(parseAsStringLiteral(OUTCOMES)).withDefault([]),
  language: parseAsArrayOf(parseAsString).withDefault([]),
  tag: parseAsArrayOf(parseAsString).withDefault([]),
  group: parseAsArrayOf(parseAsString).withDefault([]),
  q: parseAsString.withDefault(""),
  diedBefore: parseAsString,
  cursor: parseAsString,
  open: parseAsArrayOf(parseAsString).withDefault([]),
};

/** What narrows the dead letters, how they are shown, and the page, as the URL holds them. */
export function useDeadLetterFilter() {
  const [state, setState] = useQueryStates(PARSERS, { history: "push", clearOnDefault: true });
  const { outcome, language, tag, group, q, diedBefore } = state;
  // Who asks for a group, or for what is about to be removed, is to see it whatever was said of it.
  const shown: ShownState = state.state ?? (group.length > 0 || diedBefore !== null ? "all" : "open");
  const narrowing = useMemo<DeadLetterFilter>(
    () => ({
      ...(outcome.length > 0 ? { outcome } : {}),
      ...(language.length > 0 ? { language } : {}),
      ...(tag.length > 0 ? { tag } : {}),
      ...(group.length > 0 ? { group } : {}),
      ...(q === "" ? {} : { q }),
      ...(diedBefore === null || Number.isNaN(Date.parse(diedBefore)) ? {} : { diedBefore }),
    }),
    [outcome, language, tag, group, q, diedBefore],
  );
  const states: GroupState[] | undefined = shown === "all" ? undefined : [shown];
  const filter = useMemo<DeadLetterFilter>(() => ({ ...narrowing, ...(shown === "all" ? {} : { groupState: [shown] }) }), [narrowing, shown]);
  return { state, shown, states, narrowing, filter, filtered: Object.keys(narrowing).length > 0, setState };
}

export type DeadLetterFiltering = ReturnType<typeof useDeadLetterFilter>;
/** What an empty filter looks like in the URL. */
export const NO_FILTER = { outcome: null, language: null, tag: null, group: null, q: null, diedBefore: null, cursor: null, open: null };

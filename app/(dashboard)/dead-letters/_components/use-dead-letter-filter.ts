"use client";

import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";

import type { DeadLetterFilter } from "#server/contracts/dead-letters.ts";
import { OUTCOMES } from "#server/contracts/statuses.ts";

const PARSERS = {
  outcome: parseAsArrayOf(parseAsStringLiteral(OUTCOMES)).withDefault([]),
  language: parseAsArrayOf(parseAsString).withDefault([]),
  tag: parseAsArrayOf(parseAsString).withDefault([]),
  group: parseAsArrayOf(parseAsString).withDefault([]),
  q: parseAsString.withDefault(""),
  diedBefore: parseAsString,
  cursor: parseAsString,
};

/** What narrows the dead letters, and the page, as the URL holds them. */
export function useDeadLetterFilter() {
  const [state, setState] = useQueryStates(PARSERS, { history: "push", clearOnDefault: true });
  const { outcome, language, tag, group, q, diedBefore, cursor } = state;
  const filter = useMemo<DeadLetterFilter>(
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
  return { state, filter, cursor, setState };
}

export type DeadLetterFilterState = ReturnType<typeof useDeadLetterFilter>["state"];
export type SetDeadLetterFilter = ReturnType<typeof useDeadLetterFilter>["setState"];

/** What an empty filter looks like in the URL. */
export const NO_FILTER = { outcome: null, language: null, tag: null, group: null, q: null, diedBefore: null, cursor: null };

"use client";

import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";

import type { RunFilter, RunSort } from "#server/contracts/runs.ts";
import { OUTCOMES, RUN_STATUSES } from "#server/contracts/statuses.ts";

const SORTS = ["newest", "oldest"] as const satisfies readonly RunSort[];

const PARSERS = {
  status: parseAsArrayOf(parseAsStringLiteral(RUN_STATUSES)).withDefault([]),
  outcome: parseAsArrayOf(parseAsStringLiteral(OUTCOMES)).withDefault([]),
  language: parseAsArrayOf(parseAsString).withDefault([]),
  tag: parseAsArrayOf(parseAsString).withDefault([]),
  q: parseAsString.withDefault(""),
  from: parseAsString,
  to: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault("newest"),
  cursor: parseAsString,
};

const isMoment = (text: string | null): text is string => text !== null && !Number.isNaN(Date.parse(text)) && text.endsWith("Z");

/** The Runs list's state, as the URL holds it: filters, the order and the page. */
export function useRunListState() {
  const [state, setState] = useQueryStates(PARSERS, { history: "push", clearOnDefault: true });
  const { status, outcome, language, tag, q, from, to, cursor } = state;
  const filter = useMemo<RunFilter>(
    () => ({
      ...(status.length > 0 ? { status } : {}),
      ...(outcome.length > 0 ? { outcome } : {}),
      ...(language.length > 0 ? { language } : {}),
      ...(tag.length > 0 ? { tag } : {}),
      ...(q === "" ? {} : { q }),
      // What is no moment is not asked for: the server would refuse the whole list.
      ...(isMoment(from) ? { from } : {}),
      ...(isMoment(to) ? { to } : {}),
    }),
    [status, outcome, language, tag, q, from, to],
  );
  return { state, filter, cursor, setState };
}

export type RunListState = ReturnType<typeof useRunListState>["state"];
export type SetRunListState = ReturnType<typeof useRunListState>["setState"];

/** What an empty filter looks like in the URL. */
export const NO_FILTER = { status: null, outcome: null, language: null, tag: null, q: null, from: null, to: null, cursor: null };

/** The list with a value added if it wasn't there, removed if it was. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}

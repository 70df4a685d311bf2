"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { LogView } from "#server/contracts/lines.ts";

import type { Needle } from "./find-matches.ts";

/** Long enough to type the next letter. */
const DEBOUNCE_MS = 150;
/** While a run prints on, the count is brought up to date this often. */
const REFRESH_MS = 3_000;

type SearchOptions = { runId: string; attempt: number; view: LogView; growing: boolean; topRow: () => number; onFound: (row: number) => void };

/** The search over the whole log: done by the server, stepped through here. */
export function useLogSearch({ runId, attempt, view, growing, topRow, onFound }: SearchOptions) {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [matchCase, setMatchCase] = useState(false);
  const [around, setAround] = useState(1);
  const [row, setRow] = useState<number | null>(null);
  /** A step that waits for the answer. */
  const [step, setStep] = useState<"first" | "next" | "previous" | null>(null);

  // ":123" leads to a line, and is no search.
  const wanted = text.startsWith(":") ? "" : text;
  useEffect(() => {
    const timer = setTimeout(() => {
      setAsked(wanted);
      setRow(null);
      if (wanted === "") return setStep(null);
      setAround(topRow());
      setStep("first");
    }, DEBOUNCE_MS);
    return () => clearTimeout(timer);
    // `topRow` is asked once, when the typing pauses.
  }, [wanted, matchCase, view]); // oxlint-disable-line react-hooks/exhaustive-deps

  const query = useQuery(
    trpc.runs.searchLines.queryOptions(
      { id: runId, attempt, view, text: asked, matchCase, around },
      {
        enabled: asked !== "",
        placeholderData: keepPreviousData,
        refetchInterval: growing && asked !== "" ? REFRESH_MS : false,
        staleTime: 0,
        trpc: { abortOnUnmount: true },
      },
    ),
  );
  const found = asked === "" || query.isPlaceholderData ? undefined : query.data;

  const show = (next: number) => {
    setRow(next);
    setStep(null);
    onFound(next);
  };
  const nothing = () => setStep(null);
  const startFrom = (there: number, then: "first" | "previous") => {
    setRow(null);
    setAround(there);
    setStep(then);
  };

  useEffect(() => {
    if (found === undefined || step === null) return;
    const { rows, before, count } = found;
    const last = rows.at(-1);
    if (count === 0 || last === undefined) return nothing();
    const from = row ?? around;
    if (step === "previous") {
      const previous = rows.findLast((one) => one < from);
      if (previous !== undefined) return show(previous);
      // Before those that are listed, or around the corner.
      if (before > 0) return setAround(from - 1);
      if (before + rows.length < count) return startFrom(Number.MAX_SAFE_INTEGER, "previous");
      return show(last);
    }
    const next = rows.find((one) => (step === "first" ? one >= from : one > from));
    if (next !== undefined) return show(next);
    if (before + rows.length < count) return setAround(last + 1);
    if (before > 0) return startFrom(1, "first");
    return show(rows[0] ?? last);
    // Stepping is answered once for each answer of the server.
  }, [found, step]); // oxlint-disable-line react-hooks/exhaustive-deps

  const index = row === null || found === undefined ? -1 : found.rows.indexOf(row);
  const needle: Needle | null = asked === "" ? null : { text: asked, matchCase };
  return {
    text,
    setText,
    matchCase,
    setMatchCase,
    needle,
    row,
    count: found?.count,
    position: index === -1 || found === undefined ? null : found.before + index + 1,
    busy: query.isFetching && found === undefined,
    error: asked === "" ? null : query.error,
    next: () => {
      if (asked !== "") setStep("next");
    },
    previous: () => {
      if (asked !== "") setStep("previous");
    },
  };
}

export type LogSearch = ReturnType<typeof useLogSearch>;

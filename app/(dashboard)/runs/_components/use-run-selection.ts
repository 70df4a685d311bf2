"use client";

import { useState } from "react";

import type { RunSummary } from "#server/contracts/runs.ts";

import { refreshed, rowsBetween, select } from "./run-selection.ts";
import type { RunSelection } from "./run-selection.ts";

const NONE: RunSelection = new Map();

/** Which runs are selected, by id. `runs` is the page that is shown. */
export function useRunSelection(runs: RunSummary[]) {
  const [selection, setSelection] = useState(NONE);
  const [anchor, setAnchor] = useState<string | null>(null);
  return {
    selection,
    /** As they are known now. */
    selected: refreshed(selection, runs),
    onPage: runs.filter(({ id }) => selection.has(id)).length,
    onSelect: (run: RunSummary, on: boolean, range: boolean) => {
      setSelection(select(selection, range ? rowsBetween(runs, anchor, run.id) : [run], on));
      setAnchor(run.id);
    },
    toggle: (id: string) => {
      const run = runs.find((one) => one.id === id);
      if (run === undefined) return;
      setSelection(select(selection, [run], !selection.has(id)));
      setAnchor(id);
    },
    onSelectPage: (on: boolean) => setSelection(select(selection, runs, on)),
    clear: () => setSelection(NONE),
  };
}

"use client";

import { shortId } from "#app/_components/short-id.ts";
import { Checkbox } from "#app/_components/ui/checkbox.tsx";
import type { RunSummary } from "#server/contracts/runs.ts";

import type { RunSelection } from "./run-selection.ts";

export type Selecting = {
  selection: RunSelection;
  /** `range`: from the row touched last to this one. */
  onSelect: (run: RunSummary, on: boolean, range: boolean) => void;
  onSelectPage: (on: boolean) => void;
};

/** Stands for all runs of the page. */
export function PageCheckbox({
  selecting: { selection, onSelectPage },
  runs = [],
  busy,
}: {
  selecting: Selecting;
  runs: RunSummary[] | undefined;
  busy: boolean;
}) {
  const count = runs.filter(({ id }) => selection.has(id)).length;
  const all = runs.length > 0 && count === runs.length;
  return (
    <span className="flex">
      <Checkbox
        aria-label="Select this page"
        checked={all}
        indeterminate={count > 0 && !all}
        disabled={runs.length === 0 || busy}
        onChange={() => onSelectPage(!all)}
      />
    </span>
  );
}

/** Selects a run; with Shift all from the one touched last. */
export function RowCheckbox({ run, selecting: { selection, onSelect }, busy }: { run: RunSummary; selecting: Selecting; busy: boolean }) {
  return (
    <span className="flex">
      <Checkbox
        aria-label={`Select ${run.name} (${shortId(run.id)})`}
        checked={selection.has(run.id)}
        disabled={busy}
        onChange={(event) => onSelect(run, event.target.checked, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
      />
    </span>
  );
}

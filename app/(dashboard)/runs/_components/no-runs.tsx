"use client";

import { ListVideo, SearchX } from "lucide-react";

import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { STATUS_LOOKS } from "#app/_components/status-badge.tsx";
import { Button, ButtonLink } from "#app/_components/ui/button.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";

import type { RunListState } from "./run-filter-state.ts";
import { filterWords } from "./filter-words.ts";

/** Why the list is empty: nothing has run yet (`state` null), or nothing matches, with what was asked for. */
export function NoRuns({ state, onClear }: { state: RunListState | null; onClear: () => void }) {
  if (state === null) {
    return (
      <EmptyState
        icon={<ListVideo />}
        title="Nothing has run yet"
        actions={
          <ButtonLink href="/runs/new?sample=first" variant="primary">
            Start from a sample
          </ButtonLink>
        }
      >
        Submit a script with a timeout and limits; it appears here as soon as it is queued, and its output streams in while it runs.
      </EmptyState>
    );
  }
  const words = filterWords(
    state,
    (status) => STATUS_LOOKS[status].label,
    (outcome) => OUTCOME_LOOKS[outcome].label,
  );
  return (
    <EmptyState icon={<SearchX />} title="No run matches" actions={<Button onClick={onClear}>Clear filters</Button>}>
      {words.length === 0 ? "There are no more runs here." : `There are runs, but none with ${words.join(" and ")}.`}
    </EmptyState>
  );
}

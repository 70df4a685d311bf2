"use client";

import { BellOff, PartyPopper, SearchX } from "lucide-react";

import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";

import { filterWords } from "./filter-words.ts";
import { NO_FILTER } from "./use-dead-letter-filter.ts";
import type { DeadLetterFiltering } from "./use-dead-letter-filter.ts";

const SHOWN = { open: "open", ignored: "ignored", resolved: "resolved", all: "" } as const;

/** Nothing to show: because there is nothing, because of what was said of groups, or because of the filters, which it names. */
export function NothingMatches({ filtering: { narrowing, shown, filtered, state, setState } }: { filtering: DeadLetterFiltering }) {
  if (filtered || state.cursor !== null) {
    const words = filterWords(narrowing, (outcome) => OUTCOME_LOOKS[outcome].label);
    return (
      <Card flush>
        <EmptyState
          icon={<SearchX />}
          title={`No ${SHOWN[shown]} dead letter matches`.replace("  ", " ")}
          actions={
            <>
              <Button onClick={() => void setState(NO_FILTER)}>Clear filters</Button>
              {shown !== "all" && <Button onClick={() => void setState({ state: "all", cursor: null })}>Show ignored and resolved ones too</Button>}
            </>
          }
        >
          {words.length === 0 ? "There is nothing on this page any more." : `None meets all of: ${words.join("; ")}.`}
        </EmptyState>
      </Card>
    );
  }
  if (shown === "ignored" || shown === "resolved") {
    return (
      <Card flush>
        <EmptyState
          icon={<BellOff />}
          title={`No group is ${shown}`}
          actions={<Button onClick={() => void setState({ state: null, cursor: null })}>Show open ones</Button>}
        >
          {shown === "ignored"
            ? "A group that is ignored rests here until its time is over."
            : "A group that is resolved rests here until a run dies alike again."}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card flush>
      <EmptyState
        icon={<PartyPopper />}
        title={shown === "all" ? "No dead letters" : "No open dead letters"}
        actions={
          shown === "all" ? undefined : <Button onClick={() => void setState({ state: "all", cursor: null })}>Show ignored and resolved ones too</Button>
        }
      >
        A run that fails for good, after all its retries, waits here until a person retries or discards it.
      </EmptyState>
    </Card>
  );
}

"use client";

import { X } from "lucide-react";

import { FacetMenu } from "#app/(dashboard)/runs/_components/facet-menu.tsx";
import { SearchBox } from "#app/(dashboard)/runs/_components/search-box.tsx";
import { toggled } from "#app/(dashboard)/runs/_components/run-filter-state.ts";
import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { OUTCOMES } from "#server/contracts/statuses.ts";
import type { Outcome } from "#server/contracts/statuses.ts";
import { formatCounted } from "#server/contracts/units.ts";

import { momentText } from "./bulk-text.ts";
import { NO_FILTER } from "./use-dead-letter-filter.ts";
import type { DeadLetterFilterState, SetDeadLetterFilter } from "./use-dead-letter-filter.ts";

type Counts = { outcome: Partial<Record<Outcome, number>>; language: Record<string, number>; complete: Record<"outcome" | "language", boolean> };

/** What narrows the list; every change starts at the first page. */
export function FilterBar({
  state,
  setState,
  counts,
  filtered,
}: {
  state: DeadLetterFilterState;
  setState: SetDeadLetterFilter;
  counts: Counts | undefined;
  filtered: boolean;
}) {
  const change = (next: { [Name in keyof DeadLetterFilterState]?: DeadLetterFilterState[Name] | null }) => void setState({ ...next, cursor: null });
  const outcomes = OUTCOMES.filter((outcome) => (counts?.outcome[outcome] ?? 0) > 0 || counts?.complete.outcome === false || state.outcome.includes(outcome));
  const languages = [...new Set([...Object.keys(counts?.language ?? {}), ...state.language])].sort();
  return (
    <search aria-label="Filter dead letters" className="flex flex-wrap items-center gap-2 pb-3">
      <div className="w-full sm:w-72">
        <SearchBox label="Search dead letters" placeholder="Name or run id" value={state.q} onChange={(q) => change({ q: q === "" ? null : q })} />
      </div>
      <FacetMenu
        label="Outcome"
        chosen={state.outcome}
        options={outcomes.map((outcome) => ({
          value: outcome,
          label: OUTCOME_LOOKS[outcome].label,
          count: formatCounted(counts?.outcome[outcome] ?? 0, counts?.complete.outcome ?? true),
        }))}
        onToggle={(value) => {
          const outcome = OUTCOMES.find((one) => one === value);
          if (outcome !== undefined) change({ outcome: toggled<Outcome>(state.outcome, outcome) });
        }}
      />
      <FacetMenu
        label="Language"
        chosen={state.language}
        options={languages.map((language) => ({
          value: language,
          label: language,
          count: formatCounted(counts?.language[language] ?? 0, counts?.complete.language ?? true),
        }))}
        onToggle={(value) => change({ language: toggled(state.language, value) })}
      />
      {state.tag.map((tag) => (
        <Chip key={tag} text={`Tag ${tag}`} onRemove={() => change({ tag: state.tag.filter((one) => one !== tag) })} />
      ))}
      {state.group.map((group) => (
        <Chip key={group} text={`Group ${group.slice(0, 8)}`} onRemove={() => change({ group: state.group.filter((one) => one !== group) })} />
      ))}
      {state.diedBefore !== null && <Chip text={`Died before ${momentText(state.diedBefore)}`} onRemove={() => change({ diedBefore: null })} />}
      {filtered && (
        <Button variant="ghost" onClick={() => void setState(NO_FILTER)}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <button
      type="button"
      onClick={onRemove}
      aria-label={`Remove filter: ${text}`}
      className="inline-flex h-7 max-w-full items-center gap-1 rounded-full border border-accent bg-accent-soft px-2.5 text-xs font-medium"
    >
      <span className="truncate">{text}</span>
      <X aria-hidden className="size-3.5 shrink-0 text-fg-muted" />
    </button>
  );
}

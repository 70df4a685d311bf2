"use client";

import { X } from "lucide-react";

import { FacetMenu } from "#app/(dashboard)/runs/_components/facet-menu.tsx";
import { SearchBox } from "#app/(dashboard)/runs/_components/search-box.tsx";
import { toggled } from "#app/(dashboard)/runs/_components/run-filter-state.ts";
import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Select } from "#app/_components/ui/select.tsx";
import { OUTCOMES } from "#server/contracts/statuses.ts";
import type { Outcome } from "#server/contracts/statuses.ts";
import { formatCounted } from "#server/contracts/units.ts";

import { momentText } from "./bulk-text.ts";
import { Segments } from "./segments.tsx";
import { NO_FILTER, SHOWN_STATES } from "./use-dead-letter-filter.ts";
import type { DeadLetterFiltering, ShownState } from "./use-dead-letter-filter.ts";

type Counts = { outcome: Partial<Record<Outcome, number>>; language: Record<string, number>; complete: Record<"outcome" | "language", boolean> };

type FilterChange = Partial<{ [Name in keyof DeadLetterFiltering["state"]]: DeadLetterFiltering["state"][Name] | null }>;

const SHOWN_LABELS: Record<ShownState, string> = { open: "Open", ignored: "Ignored", resolved: "Resolved", all: "All" };

/** How dead letters are shown, and what narrows them; every change starts at the first page. */
export function FilterBar({ filtering, counts }: { filtering: DeadLetterFiltering; counts: Counts | undefined }) {
  const { state, shown, filtered, setState } = filtering;
  const change = (next: FilterChange) => void setState({ ...next, cursor: null });
  const outcomes = OUTCOMES.filter((outcome) => (counts?.outcome[outcome] ?? 0) > 0 || counts?.complete.outcome === false || state.outcome.includes(outcome));
  const languages = [...new Set([...Object.keys(counts?.language ?? {}), ...state.language])].sort();
  return (
    <search aria-label="Filter dead letters" className="flex flex-wrap items-center gap-2 pb-3">
      <Segments
        label="View"
        value={state.view}
        choices={[
          { value: "groups", label: "Groups" },
          { value: "runs", label: "Runs" },
        ]}
        onChoose={(view) => change({ view, open: null })}
      />
      <Select
        aria-label="Groups that are"
        className="w-28"
        value={shown}
        onChange={(event) => change({ state: SHOWN_STATES.find((one) => one === event.target.value) ?? null, open: null })}
      >
        {SHOWN_STATES.map((one) => (
          <option key={one} value={one}>
            {SHOWN_LABELS[one]}
          </option>
        ))}
      </Select>
      <div className="w-full sm:w-64">
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

"use client";

import { X } from "lucide-react";

import { useNow } from "#app/_components/now.ts";
import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { OUTCOMES } from "#server/contracts/statuses.ts";
import type { Outcome, RunStatus } from "#server/contracts/statuses.ts";
import { formatCounted } from "#server/contracts/units.ts";

import { FacetMenu } from "./facet-menu.tsx";
import { NO_FILTER, toggled } from "./run-filter-state.ts";
import type { RunListState, SetRunListState } from "./run-filter-state.ts";
import { SearchBox } from "./search-box.tsx";
import { StatusChips } from "./status-chips.tsx";

export type Counts = {
  status: Record<RunStatus, number>;
  outcome: Partial<Record<Outcome, number>>;
  language: Record<string, number>;
  complete: Record<"status" | "outcome" | "language", boolean>;
};

type FilterBarProps = {
  state: RunListState;
  setState: SetRunListState;
  counts: Counts | undefined;
  /** Of the runs on the page, to choose from. */
  tags: string[];
  filtered: boolean;
};

/** What narrows the list; every change starts at the first page. */
export function FilterBar({ state, setState, counts, tags, filtered }: FilterBarProps) {
  const change = (next: { [Name in keyof RunListState]?: RunListState[Name] | null }) => void setState({ ...next, cursor: null });
  const isBrowser = useNow(false) !== null;
  const outcomes = OUTCOMES.filter((outcome) => (counts?.outcome[outcome] ?? 0) > 0 || counts?.complete.outcome === false || state.outcome.includes(outcome));
  const languages = [...new Set([...Object.keys(counts?.language ?? {}), ...state.language])].sort();
  return (
    <search aria-label="Filter runs" className="flex flex-col gap-2 pb-3">
      <StatusChips
        counts={counts?.status}
        complete={counts?.complete.status ?? true}
        chosen={state.status}
        onToggle={(status) => change({ status: toggled(state.status, status) })}
        onAll={() => change({ status: null })}
      />
      <div className="flex flex-wrap items-center gap-2">
        <div className="w-full sm:w-72">
          <SearchBox label="Search runs" placeholder="Name or run id" value={state.q} onChange={(q) => change({ q: q === "" ? null : q })} />
        </div>
        <FacetMenu
          label="Outcome"
          chosen={state.outcome}
          options={outcomes.map((outcome) => ({
            value: outcome,
            label: OUTCOME_LOOKS[outcome].label,
            count: formatCounted(counts?.outcome[outcome] ?? 0, counts?.complete.outcome ?? true),
          }))}
          onToggle={(value) => change({ outcome: toggled<Outcome>(state.outcome, OUTCOMES.find((one) => one === value) ?? "succeeded") })}
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
        <FacetMenu
          label="Tag"
          chosen={state.tag}
          options={[...new Set([...tags, ...state.tag])].sort().map((tag) => ({ value: tag, label: tag }))}
          onToggle={(value) => change({ tag: toggled(state.tag, value) })}
        />
        {(state.from !== null || state.to !== null) && (
          <Removable label={createdText(state.from, state.to, isBrowser)} onRemove={() => change({ from: null, to: null })} />
        )}
        {filtered && (
          <Button variant="ghost" onClick={() => void setState(NO_FILTER)}>
            Clear filters
          </Button>
        )}
      </div>
    </search>
  );
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The stretch of time in local time, which only the browser knows; the exact moments stand in the URL. */
function createdText(from: string | null, to: string | null, isBrowser: boolean): string {
  const text = (moment: string) => (!isBrowser || Number.isNaN(Date.parse(moment)) ? moment : MOMENT.format(new Date(moment)));
  if (from === null) return `Created before ${text(to ?? "")}`;
  return to === null ? `Created since ${text(from)}` : `Created ${text(from)} to ${text(to)}`;
}

function Removable({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <button
      type="button"
      onClick={onRemove}
      aria-label={`Remove filter: ${label}`}
      className="inline-flex h-7 max-w-full items-center gap-1 rounded-full border border-accent bg-accent-soft px-2.5 text-xs font-medium"
    >
      <span className="truncate">{label}</span>
      <X aria-hidden className="size-3.5 shrink-0 text-fg-muted" />
    </button>
  );
}

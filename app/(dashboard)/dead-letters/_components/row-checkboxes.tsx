"use client";

import { useId } from "react";

import { shortId } from "#app/_components/short-id.ts";
import { Checkbox } from "#app/_components/ui/checkbox.tsx";
import type { RunSummary } from "#server/contracts/runs.ts";

import type { RowsProps } from "./rows-props.ts";
import { isSelected, pageState, rowState } from "./selection.ts";

/** Ticks one; with Shift, from the one touched last to this one. */
export function RowCheckbox({ run, rows, busy, toRow, triage }: { run: RunSummary } & Pick<RowsProps, "rows" | "busy" | "toRow" | "triage">) {
  return (
    <span className="flex">
      <Checkbox
        aria-label={`Select ${run.name} (${shortId(run.id)})`}
        checked={isSelected(triage.selection, toRow(run))}
        disabled={busy}
        onChange={(event) =>
          triage.tickRows((rows ?? []).map(toRow), toRow(run), event.target.checked, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)
        }
      />
    </span>
  );
}

/** Takes the page; stands between when some of it is taken. */
export function PageCheckbox({ rows, busy, toRow, triage, text }: Pick<RowsProps, "rows" | "busy" | "toRow" | "triage"> & { text?: string }) {
  const id = useId();
  const selectable = (rows ?? []).map(toRow);
  const page = selectable.length === 0 ? "none" : pageState(selectable.map((row) => rowState(triage.selection, row)));
  const box = (
    <Checkbox
      id={id}
      {...(text === undefined ? { "aria-label": "Select this page" } : {})}
      checked={page === "all"}
      indeterminate={page === "some"}
      disabled={rows === undefined || busy}
      onChange={() => triage.tickAllRows(selectable, page !== "all")}
    />
  );
  if (text === undefined) return <span className="flex">{box}</span>;
  return (
    <label htmlFor={id} className="flex h-10 items-center gap-3 border-b border-line bg-inset px-4 text-xs font-medium text-fg-subtle">
      {box}
      {text}
    </label>
  );
}

import type { DeadLetterFilter } from "#server/contracts/dead-letters.ts";

/**
 * What is selected: some dead letters by id, or all that matched when they were counted (`asOf`), but for those unticked.
 * It holds no rows, so that refreshing, paging and sorting can't change it.
 */
export type Selection = { mode: "some"; ids: ReadonlySet<string> } | { mode: "all"; total: number; asOf: string; excludeIds: ReadonlySet<string> };

/** What of a row matters: one that died after the count is not among "all". */
export type SelectableRow = { id: string; finishedAt: string | null };

export const NOTHING_SELECTED: Selection = { mode: "some", ids: new Set() };

/** Whether a row is among those selected. */
export function isSelected(selection: Selection, row: SelectableRow): boolean {
  if (selection.mode === "some") return selection.ids.has(row.id);
  return !selection.excludeIds.has(row.id) && !diedAfter(row, selection.asOf);
}

const diedAfter = (row: SelectableRow, asOf: string) => row.finishedAt !== null && Date.parse(row.finishedAt) > Date.parse(asOf);

/** How many are selected. */
export function selectedCount(selection: Selection): number {
  return selection.mode === "some" ? selection.ids.size : Math.max(0, selection.total - selection.excludeIds.size);
}

/** Ticks or unticks rows. Under "all", unticking one means all but that one; what came after the count can't be ticked. */
export function setSelected(selection: Selection, rows: readonly SelectableRow[], on: boolean): Selection {
  if (selection.mode === "some") {
    const ids = new Set(selection.ids);
    for (const { id } of rows) {
      if (on) ids.add(id);
      else ids.delete(id);
    }
    return { mode: "some", ids };
  }
  const excludeIds = new Set(selection.excludeIds);
  for (const row of rows) {
    if (on) excludeIds.delete(row.id);
    else if (!diedAfter(row, selection.asOf)) excludeIds.add(row.id);
  }
  return selection.total - excludeIds.size > 0 ? { ...selection, excludeIds } : NOTHING_SELECTED;
}

/** The rows from one to another, both included, in either direction; just the second when the first is not on the page. */
export function rowsBetween<T extends SelectableRow>(rows: readonly T[], anchorId: string | null, id: string): T[] {
  const to = rows.findIndex((row) => row.id === id);
  const from = rows.findIndex((row) => row.id === anchorId);
  if (to === -1) return [];
  return from === -1 ? rows.slice(to, to + 1) : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** Where the header's checkbox stands. */
export function pageState(selection: Selection, rows: readonly SelectableRow[]): "none" | "some" | "all" {
  const count = rows.filter((row) => isSelected(selection, row)).length;
  return count === 0 ? "none" : count === rows.length ? "all" : "some";
}

/** Takes all that matched at the count. */
export function selectAllMatching({ count, asOf }: { count: number; asOf: string }): Selection {
  return { mode: "all", total: count, asOf, excludeIds: new Set() };
}

/** What the server is asked to act on. */
export function toServerSelection(
  selection: Selection,
  filter: DeadLetterFilter,
): { ids: string[] } | { filter: DeadLetterFilter; excludeIds: string[]; asOf: string } {
  if (selection.mode === "some") return { ids: [...selection.ids] };
  return { filter, excludeIds: [...selection.excludeIds], asOf: selection.asOf };
}

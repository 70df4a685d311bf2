import type { DeadLetterFilter, Selection as ServerSelection } from "#server/contracts/dead-letters.ts";

/**
 * What is selected: nothing, or all that matched when they were counted; then whole groups that were turned the other way; then
 * single dead letters that were turned the other way from their group. Each stands by its own key, never by what is on the page, so
 * that refreshing, paging and arrivals can't change it.
 */
export type Selection = {
  /** How many matched when all were selected; null when the ground is nothing. */
  all: number | null;
  /** Fingerprints with their counts. */
  groups: ReadonlyMap<string, number>;
  /** Ids, each with the group it was shown in; null outside of one. */
  ids: ReadonlyMap<string, string | null>;
  /** When what is selected by more than its own id was counted: who died later is not in it. Null while only single ones are. */
  asOf: string | null;
};

/** What of a row matters. */
export type SelectableRow = { id: string; finishedAt: string | null; group?: string };
export type SelectableGroup = { fingerprint: string; count: number };

export const NOTHING_SELECTED: Selection = { all: null, groups: new Map(), ids: new Map(), asOf: null };

const isGroupTaken = ({ all, groups }: Selection, group: string | null) => (all !== null) !== (group !== null && groups.has(group));

/** Whether it died after the count, and so is taken by no group and no "all". */
const isLate = ({ asOf }: Selection, { finishedAt }: SelectableRow) => asOf !== null && finishedAt !== null && Date.parse(finishedAt) > Date.parse(asOf);

/** Whether a row is among those selected. */
export function isSelected(selection: Selection, row: SelectableRow): boolean {
  const turned = selection.ids.has(row.id);
  if (!isGroupTaken(selection, row.group ?? null)) return turned;
  return !turned && !isLate(selection, row);
}

/** How many are selected. */
export function selectedCount(selection: Selection): number {
  const { all, groups, ids } = selection;
  let count = all ?? 0;
  for (const size of groups.values()) count += all === null ? size : -size;
  for (const group of ids.values()) count += isGroupTaken(selection, group) ? -1 : 1;
  return Math.max(0, count);
}

const orNothing = (selection: Selection) => (selectedCount(selection) > 0 ? selection : NOTHING_SELECTED);

/** Ticks or unticks rows. Where their group is selected, unticking one means all but that one; who came after the count can't be ticked there. */
export function setSelected(selection: Selection, rows: readonly SelectableRow[], on: boolean): Selection {
  const ids = new Map(selection.ids);
  for (const row of rows) {
    const group = row.group ?? null;
    const isTaken = isGroupTaken(selection, group);
    if (isTaken === on) ids.delete(row.id);
    else if (!isTaken || !isLate(selection, row)) ids.set(row.id, group);
  }
  return orNothing({ ...selection, ids });
}

/** Ticks or unticks whole groups, as they were counted at `asOf`; what was said of their single dead letters is forgotten. */
export function setGroups(selection: Selection, turned: readonly SelectableGroup[], on: boolean, asOf: string): Selection {
  const groups = new Map(selection.groups);
  const names = new Set(turned.map(({ fingerprint }) => fingerprint));
  for (const { fingerprint, count } of turned) {
    if (on === (selection.all !== null)) groups.delete(fingerprint);
    else groups.set(fingerprint, count);
  }
  const ids = new Map([...selection.ids].filter(([, group]) => group === null || !names.has(group)));
  // Under "all" the moment is that of its count; without groups none is needed.
  return orNothing({ ...selection, groups, ids, asOf: selection.all !== null ? selection.asOf : groups.size > 0 ? asOf : null });
}

export type TickState = "none" | "some" | "all";

/** Where a group's checkbox stands. */
export function groupState(selection: Selection, fingerprint: string): TickState {
  const isTurned = [...selection.ids.values()].includes(fingerprint);
  return isTurned ? "some" : isGroupTaken(selection, fingerprint) ? "all" : "none";
}

/** Where the header's checkbox stands, over rows or groups of a page. */
export function pageState(states: readonly TickState[]): TickState {
  if (states.every((state) => state === "none")) return "none";
  return states.every((state) => state === "all") ? "all" : "some";
}

/** A row's own. */
export const rowState = (selection: Selection, row: SelectableRow): TickState => (isSelected(selection, row) ? "all" : "none");

/** Those from one key to another, both included, in either direction; just the second when the first is not on the page. */
export function between<T>(items: readonly T[], keyOf: (item: T) => string, anchor: string | null, key: string): T[] {
  const to = items.findIndex((item) => keyOf(item) === key);
  const from = items.findIndex((item) => keyOf(item) === anchor);
  if (to === -1) return [];
  return from === -1 ? items.slice(to, to + 1) : items.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** Takes all that matched at the count. */
export const selectAllMatching = ({ count, asOf }: { count: number; asOf: string }): Selection => ({ ...NOTHING_SELECTED, all: count, asOf });

/** Takes one group, and nothing else. */
export const selectGroup = (group: SelectableGroup, asOf: string): Selection => setGroups(NOTHING_SELECTED, [group], true, asOf);

/** What the server is asked to act on. */
export function toServerSelection(selection: Selection, filter: DeadLetterFilter): ServerSelection {
  const { all, groups, ids, asOf } = selection;
  if (all === null && groups.size === 0) return { ids: [...ids.keys()] };
  const split = (isTaken: boolean) => [...ids].filter(([, group]) => isGroupTaken(selection, group) === isTaken).map(([id]) => id);
  const [excludeIds, includeIds] = [split(true), split(false)];
  const names = [...groups.keys()];
  return {
    filter: all === null ? { ...filter, group: names } : filter,
    ...(all !== null && names.length > 0 ? { excludeGroups: names } : {}),
    ...(excludeIds.length > 0 ? { excludeIds } : {}),
    ...(includeIds.length > 0 ? { includeIds } : {}),
    ...(asOf === null ? {} : { asOf }),
  };
}

/** A selection as text that reads back to it. */
export const selectionText = ({ all, groups, ids, asOf }: Selection) => JSON.stringify([all, [...groups], [...ids], asOf]);

/** Reads it back; null when the text is none. */
export function readSelection(text: string): Selection | null {
  try {
    const [all, groups, ids, asOf] = JSON.parse(text) as [number | null, [string, number][], [string, string | null][], string | null];
    return orNothing({ all, groups: new Map(groups), ids: new Map(ids), asOf });
  } catch {
    // Written by another version, or by hand.
    return null;
  }
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { retryDeadLettersSchema } from "#server/contracts/dead-letters.ts";

import {
  between,
  groupState,
  isSelected,
  NOTHING_SELECTED,
  pageState,
  readSelection,
  rowState,
  selectAllMatching,
  selectedCount,
  selectionText,
  selectGroup,
  setGroups,
  setSelected,
  toServerSelection,
} from "./selection.ts";
import type { Selection } from "./selection.ts";

const at = (second: number) => `2026-03-01T12:00:${String(second).padStart(2, "0")}.000Z`;
const rows = ["a", "b", "c", "d"].map((id, index) => ({ id, finishedAt: at(index) }));
const [a, b, c] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
const late = { id: "late", finishedAt: at(59) };
const all = selectAllMatching({ count: 3214, asOf: at(30) });
const stateOf = (selection: Selection, page = rows) => pageState(page.map((row) => rowState(selection, row)));

describe("some", () => {
  it("ticks and unticks by id", () => {
    const two = setSelected(NOTHING_SELECTED, [a, c], true);
    expect([selectedCount(two), isSelected(two, a), isSelected(two, b)]).toEqual([2, true, false]);
    expect(stateOf(two)).toBe("some");
    expect(selectedCount(setSelected(two, [a], false))).toBe(1);
  });

  it("takes the page, and stands when other rows are shown", () => {
    const page = setSelected(NOTHING_SELECTED, rows, true);
    expect([stateOf(page), stateOf(page, [late, ...rows]), stateOf(page, [late])]).toEqual(["all", "some", "none"]);
    expect(selectedCount(page)).toBe(4);
  });

  it("does not change what it was made from", () => {
    const before = setSelected(NOTHING_SELECTED, [a], true);
    setSelected(before, [b], true);
    expect([selectedCount(before), selectedCount(NOTHING_SELECTED)]).toEqual([1, 0]);
  });

  it("asks the server by ids", () => {
    expect(toServerSelection(setSelected(NOTHING_SELECTED, [b, a], true), { outcome: ["timeout"] })).toEqual({ ids: ["b", "a"] });
  });
});

describe("all that match", () => {
  it("means rows of every page, but not those that died after the count", () => {
    expect(selectedCount(all)).toBe(3214);
    expect(isSelected(all, { id: "on another page", finishedAt: at(3) })).toBe(true);
    expect(isSelected(all, late)).toBe(false);
  });

  it("unticking one means all but one", () => {
    const butOne = setSelected(all, [b], false);
    expect([selectedCount(butOne), isSelected(butOne, b), isSelected(butOne, a)]).toEqual([3213, false, true]);
    const request = toServerSelection(butOne, { tag: ["nightly"] });
    expect(request).toEqual({ filter: { tag: ["nightly"] }, excludeIds: ["b"], asOf: at(30) });
    expect(retryDeadLettersSchema.safeParse(request).success).toBe(true);
    expect(selectedCount(setSelected(butOne, [b], true))).toBe(3214);
  });

  it("is not touched by a row that is not in it", () => {
    expect(selectedCount(setSelected(all, [late], false))).toBe(3214);
    expect(isSelected(setSelected(all, [late], true), late)).toBe(false);
  });

  it("is nothing when every one was unticked", () => {
    expect(setSelected(selectAllMatching({ count: 4, asOf: at(30) }), rows, false)).toEqual(NOTHING_SELECTED);
  });

  it("leaves a group out that was unticked, but for those of it that were ticked again", () => {
    const butGroup = setGroups(all, [{ fingerprint: "g", count: 14 }], false, at(40));
    const back = setSelected(butGroup, [{ ...a, group: "g" }], true);
    expect([selectedCount(butGroup), selectedCount(back), groupState(butGroup, "g"), groupState(back, "g")]).toEqual([3200, 3201, "none", "some"]);
    expect(toServerSelection(back, {})).toEqual({ filter: {}, excludeGroups: ["g"], includeIds: ["a"], asOf: at(30) });
    expect(setGroups(back, [{ fingerprint: "g", count: 14 }], true, at(41))).toEqual(all);
  });
});

describe("groups", () => {
  const g = { fingerprint: "g", count: 10 };
  const inG = (row: (typeof rows)[0]) => ({ ...row, group: "g" });

  it("are taken whole, less those unticked, with single ones of others beside them", () => {
    const one = setSelected(setSelected(selectGroup(g, at(30)), [inG(a)], false), [{ ...b, group: "other" }], true);
    expect([selectedCount(one), isSelected(one, inG(a)), isSelected(one, inG(c)), groupState(one, "g"), groupState(one, "other")]).toEqual([
      10,
      false,
      true,
      "some",
      "some",
    ]);
    const request = toServerSelection(one, { q: "x" });
    expect(request).toEqual({ filter: { q: "x", group: ["g"] }, excludeIds: ["a"], includeIds: ["b"], asOf: at(30) });
    expect(retryDeadLettersSchema.safeParse(request).success).toBe(true);
  });

  it("do not take who died after their count", () => {
    const one = selectGroup(g, at(30));
    expect(isSelected(one, { ...late, group: "g" })).toBe(false);
    expect(setSelected(one, [{ ...late, group: "g" }], true)).toEqual(one);
  });

  it("forget what was said of their single ones", () => {
    const single = setSelected(NOTHING_SELECTED, [inG(a)], true);
    expect(setGroups(single, [g], true, at(30))).toEqual(selectGroup(g, at(30)));
    expect(setGroups(single, [g], false, at(30))).toEqual(NOTHING_SELECTED);
  });

  it("stand when read back from text, and what is no text of ours is nothing", () => {
    const one = setSelected(selectGroup(g, at(30)), [inG(a)], false);
    expect(readSelection(selectionText(one))).toEqual(one);
    expect([readSelection("nonsense"), readSelection("{}")]).toEqual([null, null]);
  });
});

it("what is asked of the server is what the ticks say, however they were set", () => {
  const world = ["g1", "g2", "g3"].flatMap((group) => [1, 2, 3].map((index) => ({ id: `${group}-${index}`, finishedAt: at(index), group })));
  const step = fc.oneof(
    fc.record({ row: fc.constantFrom(...world), on: fc.boolean() }),
    fc.record({ fingerprint: fc.constantFrom("g1", "g2", "g3"), on: fc.boolean() }),
    fc.constant("all" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let selection = NOTHING_SELECTED;
      const ticked = new Set<string>();
      for (const one of steps) {
        const touched = one === "all" ? world : "row" in one ? [one.row] : world.filter((row) => row.group === one.fingerprint);
        const on = one === "all" || one.on;
        for (const row of touched) if (on) ticked.add(row.id);
        for (const row of touched) if (!on) ticked.delete(row.id);
        if (one === "all") selection = selectAllMatching({ count: world.length, asOf: at(30) });
        else if ("row" in one) selection = setSelected(selection, [one.row], one.on);
        else selection = setGroups(selection, [{ fingerprint: one.fingerprint, count: 3 }], one.on, at(30));
      }
      const { ids, filter, excludeIds = [], excludeGroups = [], includeIds = [] } = toServerSelection(selection, {});
      const matching = world.filter(
        (row) => (filter?.group ?? ["g1", "g2", "g3"]).includes(row.group) && !excludeGroups.includes(row.group) && !excludeIds.includes(row.id),
      );
      const asked = new Set(ids ?? [...matching.map((row) => row.id), ...includeIds]);
      expect([...asked].sort()).toEqual([...ticked].sort());
      expect(selectedCount(selection)).toBe(ticked.size);
      expect(world.filter((row) => isSelected(selection, row)).length).toBe(ticked.size);
    }),
  );
});

describe("a range", () => {
  const ids = (anchor: string | null, to: string) => between(rows, (row) => row.id, anchor, to).map((row) => row.id);

  it("goes both ways", () => {
    expect(ids("b", "d")).toEqual(["b", "c", "d"]);
    expect(ids("d", "b")).toEqual(["b", "c", "d"]);
  });

  it("is the row itself without an anchor on the page", () => {
    expect([ids(null, "c"), ids("gone", "c"), ids("a", "gone")]).toEqual([["c"], ["c"], []]);
  });
});

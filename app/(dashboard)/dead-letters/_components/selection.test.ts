import { describe, expect, it } from "vitest";

import { retryDeadLettersSchema } from "#server/contracts/dead-letters.ts";

import { isSelected, NOTHING_SELECTED, pageState, rowsBetween, selectAllMatching, selectedCount, setSelected, toServerSelection } from "./selection.ts";

const at = (second: number) => `2026-03-01T12:00:${String(second).padStart(2, "0")}.000Z`;
const rows = ["a", "b", "c", "d"].map((id, index) => ({ id, finishedAt: at(index) }));
const [a, b, c] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
const late = { id: "late", finishedAt: at(59) };
const all = selectAllMatching({ count: 3214, asOf: at(30) });

describe("some", () => {
  it("ticks and unticks by id", () => {
    const two = setSelected(NOTHING_SELECTED, [a, c], true);
    expect([selectedCount(two), isSelected(two, a), isSelected(two, b)]).toEqual([2, true, false]);
    expect(pageState(two, rows)).toBe("some");
    expect(selectedCount(setSelected(two, [a], false))).toBe(1);
  });

  it("takes the page, and stands when other rows are shown", () => {
    const page = setSelected(NOTHING_SELECTED, rows, true);
    expect(pageState(page, rows)).toBe("all");
    expect(pageState(page, [late, ...rows])).toBe("some");
    expect(pageState(page, [late])).toBe("none");
    expect(selectedCount(page)).toBe(4);
  });

  it("does not change what it was made from", () => {
    const before = setSelected(NOTHING_SELECTED, [a], true);
    setSelected(before, [b], true);
    expect(selectedCount(before)).toBe(1);
    expect(selectedCount(NOTHING_SELECTED)).toBe(0);
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
    expect(selectedCount(setSelected(all, [late], true))).toBe(3214);
    expect(isSelected(setSelected(all, [late], true), late)).toBe(false);
  });

  it("is nothing when every one was unticked", () => {
    expect(setSelected(selectAllMatching({ count: 4, asOf: at(30) }), rows, false)).toEqual(NOTHING_SELECTED);
  });
});

describe("a range", () => {
  const ids = (anchor: string | null, to: string) => rowsBetween(rows, anchor, to).map((row) => row.id);

  it("goes both ways", () => {
    expect(ids("b", "d")).toEqual(["b", "c", "d"]);
    expect(ids("d", "b")).toEqual(["b", "c", "d"]);
  });

  it("is the row itself without an anchor on the page", () => {
    expect(ids(null, "c")).toEqual(["c"]);
    expect(ids("gone", "c")).toEqual(["c"]);
    expect(ids("a", "gone")).toEqual([]);
  });
});

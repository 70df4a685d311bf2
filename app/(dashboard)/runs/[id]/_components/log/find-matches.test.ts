import { expect, test } from "vitest";

import { segmentsOf } from "./ansi-segments.ts";
import { markMatches } from "./find-matches.ts";

const marked = (line: string, text: string, matchCase = false) =>
  markMatches(segmentsOf("", line), { text, matchCase }).map(({ text: part, isMatch, color }) => [part, isMatch, color]);

test("every match is cut out, whatever its case", () => {
  expect(marked("an error, an ERROR", "error")).toEqual([
    ["an ", false, null],
    ["error", true, null],
    [", an ", false, null],
    ["ERROR", true, null],
  ]);
  expect(marked("an error, an ERROR", "ERROR", true).filter(([, isMatch]) => isMatch)).toHaveLength(1);
  expect(marked("nothing", "error")).toEqual([["nothing", false, null]]);
});

test("one that goes over a change of colour is marked on both sides", () => {
  expect(marked("an \u001b[31merr\u001b[0mor!", "error")).toEqual([
    ["an ", false, null],
    ["err", true, "var(--ansi-red)"],
    ["or", true, null],
    ["!", false, null],
  ]);
});

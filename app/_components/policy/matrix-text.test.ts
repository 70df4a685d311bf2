import { expect, test } from "vitest";

import { codesText, parseCodes, parseFactor } from "./matrix-text.ts";

test.each([
  ["", []],
  ["2", [2]],
  [" 2, 64;75  2 ", [2, 64, 75]],
  ["none", []],
  ["0", null],
  ["256", null],
  ["1-3", null],
  ["two", null],
])("exit codes %j are %j", (text, codes) => {
  expect(parseCodes(text)).toEqual(codes);
});

test("what is shown reads as the same", () => {
  expect(parseCodes(codesText([2, 64]))).toEqual([2, 64]);
  expect(parseCodes(codesText([]))).toEqual([]);
});

test.each([
  ["1.5", 1.5],
  ["× 2", 2],
  ["2x", 2],
  ["1,25", 1.25],
  ["0.5", null],
  ["11", null],
  ["", null],
  ["much", null],
])("the factor %j is %j", (text, factor) => {
  expect(parseFactor(text)).toBe(factor);
});

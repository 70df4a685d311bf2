import { expect, test } from "vitest";

import { plainText, segmentsOf } from "./ansi-segments.ts";

const brief = (style: string, text: string) => segmentsOf(style, text).map(({ text: words, color, bold }) => [words, color, bold]);

test("plain text is one stretch, nothing is none", () => {
  expect(brief("", "hello")).toEqual([["hello", null, false]]);
  expect(brief("", "")).toEqual([]);
});

test("colours and weight come from the sequences in the line and before it", () => {
  expect(brief("", "a\u001b[1;31mb\u001b[0mc")).toEqual([
    ["a", null, false],
    ["b", "var(--ansi-red)", true],
    ["c", null, false],
  ]);
  expect(brief("\u001b[32m", "still green")).toEqual([["still green", "var(--ansi-green)", false]]);
});

test("bright, 256 and 24-bit colours", () => {
  expect(brief("", "\u001b[94mx")).toEqual([["x", "var(--ansi-bright-blue)", false]]);
  expect(brief("", "\u001b[38;5;208mx")).toEqual([["x", "rgb(255, 135, 0)", false]]);
  expect(brief("", "\u001b[38;5;244mx")).toEqual([["x", "rgb(128, 128, 128)", false]]);
  expect(brief("", "\u001b[38;2;1;2;3mx")).toEqual([["x", "rgb(1, 2, 3)", false]]);
});

test("reversed text has its colour as a tinted background", () => {
  const [segment] = segmentsOf("", "\u001b[7;31mx");
  expect(segment).toMatchObject({ color: "var(--ansi-black)", background: "color-mix(in srgb, var(--ansi-red) 28%, transparent)" });
});

test("markup and control characters are text", () => {
  expect(brief("", "<b>\u0007\u001b[2J</b>")).toEqual([["<b>␇</b>", null, false]]);
  expect(plainText("\u001b[31m<i>\u202e\u001b[0m\r")).toBe("<i>‹U+202E›");
});

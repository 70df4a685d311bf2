import { expect, test } from "vitest";

import { harmless, withoutOtherEscapes } from "./harmless-text.ts";

test.each([
  ["cursor moves", "a\u001b[2K\u001b[1;1Hb", "ab"],
  ["private modes", "\u001b[?25lhidden cursor\u001b[?25h", "hidden cursor"],
  ["a window title", "\u001b]0;owned\u0007text", "text"],
  ["a hyperlink", "\u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\", "link"],
  ["a character set", "\u001b(Btext", "text"],
  ["colours stay", "\u001b[31mred\u001b[0m", "\u001b[31mred\u001b[0m"],
])("%s", (_, given, expected) => {
  expect(withoutOtherEscapes(given)).toBe(expected);
});

test("control characters become visible; tabs stay", () => {
  expect(harmless("a\tb\u0000c\u0007d\u007fe\u0085f\u001b")).toBe("a\tb␀c␇d␡e‹85›f␛");
});

test("characters that reorder or hide text become visible", () => {
  expect(harmless("access\u202e\u2066 // check\u2069")).toBe("access‹U+202E›‹U+2066› // check‹U+2069›");
  expect(harmless("zero\u200bwidth\ufeff")).toBe("zero‹U+200B›width‹U+FEFF›");
  expect(harmless("ordinary: äöü, 日本語, עברית")).toBe("ordinary: äöü, 日本語, עברית");
});

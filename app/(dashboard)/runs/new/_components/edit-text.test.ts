import { describe, expect, it } from "vitest";

import { dedentEdit, indentEdit, newlineEdit } from "./edit-text.ts";
import type { TextEdit } from "./edit-text.ts";

const applied = (text: string, edit: TextEdit) => text.slice(0, edit.from) + edit.insert + text.slice(edit.to);

describe("Tab", () => {
  it("fills up to the next stop", () => {
    expect(indentEdit("a", 1, 1, 4)).toEqual({ from: 1, to: 1, insert: "   ", selectFrom: 4, selectTo: 4 });
    expect(applied("", indentEdit("", 0, 0, 2))).toBe("  ");
  });

  it("indents every selected line but the empty", () => {
    const text = "a\n\nb\nc";
    const edit = indentEdit(text, 0, 5, 2);
    expect(applied(text, edit)).toBe("  a\n\n  b\nc");
    expect([edit.selectFrom, edit.selectTo]).toEqual([0, 8]);
  });
});

describe("Shift+Tab", () => {
  it("takes one indent from every selected line", () => {
    const text = "    a\n  b\n\tc\nd";
    expect(applied(text, dedentEdit(text, 0, text.length, 4))).toBe("a\nb\nc\nd");
  });

  it("keeps the cursor at its letter, never before the line", () => {
    expect(dedentEdit("x\n    ab", 7, 7, 4).selectFrom).toBe(3);
    expect(dedentEdit("    ab", 2, 2, 4).selectFrom).toBe(0);
  });
});

describe("Enter", () => {
  it.each([
    ["  a", "  a\n  "],
    ["def f():", "def f():\n    "],
    ["  if x; then", "  if x; then\n      "],
    ["f({", "f({\n    "],
    ["a", "a\n"],
  ])("after %j", (text, expected) => {
    expect(applied(text, newlineEdit(text, text.length, text.length, 4))).toBe(expected);
  });
});

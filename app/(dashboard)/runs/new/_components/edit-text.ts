/** A replacement of part of a text, and what is selected afterwards. */
export type TextEdit = { from: number; to: number; insert: string; selectFrom: number; selectTo: number };

const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;

/** What Tab does: an indent at the cursor up to the next stop, or before every selected line. */
export function indentEdit(text: string, from: number, to: number, width: number): TextEdit {
  const start = lineStart(text, from);
  if (from === to) {
    const insert = " ".repeat(width - ((from - start) % width));
    return { from, to, insert, selectFrom: from + insert.length, selectTo: from + insert.length };
  }
  const end = selectedEnd(text, from, to);
  const unit = " ".repeat(width);
  const insert = text
    .slice(start, end)
    .split("\n")
    .map((line) => (line === "" ? line : unit + line))
    .join("\n");
  return { from: start, to: end, insert, selectFrom: start, selectTo: start + insert.length };
}

/** What Shift+Tab does: one indent less before every touched line. */
export function dedentEdit(text: string, from: number, to: number, width: number): TextEdit {
  const start = lineStart(text, from);
  const end = selectedEnd(text, from, to);
  const lines = text.slice(start, end).split("\n");
  const fewer = lines.map((line) => line.replace(new RegExp(`^(\\t| {1,${width}})`), ""));
  const insert = fewer.join("\n");
  if (from === to) {
    const removed = (lines[0]?.length ?? 0) - (fewer[0]?.length ?? 0);
    const cursor = Math.max(start, from - removed);
    return { from: start, to: end, insert, selectFrom: cursor, selectTo: cursor };
  }
  return { from: start, to: end, insert, selectFrom: start, selectTo: start + insert.length };
}

/** What Enter does: the next line begins as deep as this one, one deeper after what opens a block. */
export function newlineEdit(text: string, from: number, to: number, width: number): TextEdit {
  const before = text.slice(lineStart(text, from), from);
  const indent = /^[ \t]*/.exec(before)?.[0] ?? "";
  const deeper = /([{([:]|\b(then|do|else))\s*$/.test(before) ? " ".repeat(width) : "";
  const insert = `\n${indent}${deeper}`;
  return { from, to, insert, selectFrom: from + insert.length, selectTo: from + insert.length };
}

/** Up to the end of the last touched line; a selection that ends at a line's start does not touch that line. */
function selectedEnd(text: string, from: number, to: number): number {
  const last = to > from && text[to - 1] === "\n" ? to - 1 : to;
  const end = text.indexOf("\n", last);
  return end === -1 ? text.length : end;
}

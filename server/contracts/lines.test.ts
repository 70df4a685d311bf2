import fc from "fast-check";
import { expect, test } from "vitest";

import { LINE_MAX_CHARS, endLine, extendLine, foldChunk, rowOf, rowsAt, startOfLog } from "./lines.ts";
import type { LineStream, LogLine } from "./lines.ts";

type Chunk = { stream: LineStream; text: string; droppedBytes: number | null };

const out = (text: string): Chunk => ({ stream: "stdout", text, droppedBytes: null });
const err = (text: string): Chunk => ({ stream: "stderr", text, droppedBytes: null });

function fold(chunks: Chunk[], position = startOfLog()) {
  const lines = new Map<number, LogLine>();
  const change = (line: number, next: (old: LogLine) => LogLine) => {
    const old = lines.get(line);
    if (old !== undefined) lines.set(line, next(old));
  };
  for (const chunk of chunks) {
    foldChunk(position, chunk, {
      begin: (line) => lines.set(line.line, { ...line, at: "", text: "", more: 0, open: true }),
      extend: (line, piece) => change(line, (old) => extendLine(old, piece)),
      end: (line) => change(line, endLine),
    });
  }
  return { position, lines: [...lines.values()] };
}

const texts = (...chunks: Chunk[]) => fold(chunks).lines.map((line) => (line.droppedBytes === null ? line.text : `[${line.droppedBytes}]`));

test("lines end at newlines, wherever the chunks end", () => {
  expect(texts(out("one\ntw"), out("o\n\nthr"), out("ee"))).toEqual(["one", "two", "", "three"]);
});

test("an unfinished line of one stream is continued where it stands when the other speaks in between", () => {
  const { lines, position } = fold([out("working… "), err("warning\nand "), out("done\nnext\n"), err("more")]);
  expect(lines.map(({ line, ordinal, stream, text, open }) => [line, ordinal, stream, text, open])).toEqual([
    [1, 1, "stdout", "working… done", false],
    [2, 1, "stderr", "warning", false],
    [3, 2, "stderr", "and more", true],
    [4, 2, "stdout", "next", false],
  ]);
  expect(position).toMatchObject({ lines: { stdout: 2, stderr: 2 }, open: { stdout: null, stderr: 3 } });
  expect([rowsAt(position, "all"), rowsAt(position, "stderr")]).toEqual([4, 2]);
  expect(lines.map((line) => rowOf(line, "stderr"))).toEqual([1, 1, 2, 2]);
});

test("a carriage return starts the line over, and one before a newline is a line end", () => {
  expect(texts(out("10 %\r20 %\r30 %\n"))).toEqual(["30 %"]);
  expect(texts(out("dos\r\nline\r\n"))).toEqual(["dos", "line"]);
  expect(texts(out("split\r"), out("\nnext"))).toEqual(["split", "next"]);
  expect(texts(out("10 %\r"))).toEqual(["10 %\r"]);
  expect(texts(out("10 %\r"), out("20 %"))).toEqual(["20 %"]);
  expect(texts(out("kept\r\r\n"))).toEqual(["kept"]);
});

test("colours that were not reset go on in the next line of the same stream only, also when a sequence was cut in two", () => {
  const { lines } = fold([out("\u001b[3"), out("1mred\nstill\u001b[0m plain\n"), err("err\n"), out("\u001b[1m\u001b[32mgreen\nmore\n\u001b[0;34mblue\nend")]);
  expect(lines.map((line) => line.style)).toEqual(["", "\u001b[31m", "", "", "\u001b[1m\u001b[32m", "\u001b[1m\u001b[32m", "\u001b[0;34m"]);
});

test("the marker of dropped output is one line, and what follows starts anew", () => {
  const { lines } = fold([out("head, cut he"), { ...err("\n[… 4096 bytes dropped …]\n"), droppedBytes: 4096 }, out("tail\n")]);
  expect(lines.map(({ line, text, droppedBytes, open }) => [line, text, droppedBytes, open])).toEqual([
    [1, "head, cut he", null, false],
    [2, "", 4096, false],
    [3, "tail", null, false],
  ]);
});

test("of a line without end the start is kept, and how much more there is; no character is cut in two", () => {
  const [line, next] = fold([out("x".repeat(LINE_MAX_CHARS - 1)), out("🎉".repeat(10)), out("and on"), out("\nnext")]).lines;
  expect(line).toMatchObject({ text: "x".repeat(LINE_MAX_CHARS - 1), more: 26, open: false });
  expect(next?.text).toBe("next");
});

test("a return beyond the limit starts the line over, also when it was the last of its chunk", () => {
  const long = "x".repeat(LINE_MAX_CHARS + 10);
  expect(texts(out(long), out("y\rshort\n"))).toEqual(["short"]);
  expect(texts(out(long), out("y\r"), out("short\n"))).toEqual(["short"]);
  expect(fold([out(`${long}\r`), out("\n")]).lines[0]).toMatchObject({ text: "x".repeat(LINE_MAX_CHARS), open: false });
});

test("however text is cut into chunks, lines and position are the same, and can be gone on with from any chunk", () => {
  const text = fc.array(fc.constantFrom("a", "b ", "\n", "\r", "\r\n", "\u001b[31m", "\u001b[0m", "ü", "🎉"), { maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 }), (parts, sizes) => {
      const whole = fold([out(parts.join(""))]);
      const pieces: Chunk[] = [];
      for (let at = 0, turn = 0; at < parts.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        pieces.push(out(parts.slice(at, at + size).join("")));
        at += size;
      }
      const cut = fold(pieces);
      expect(cut.lines).toEqual(whole.lines);
      expect(cut.position).toEqual(whole.position);
      const half = fold(pieces.slice(0, pieces.length >> 1)).position;
      expect(fold(pieces.slice(pieces.length >> 1), structuredClone(half)).position).toEqual(whole.position);
    }),
  );
});

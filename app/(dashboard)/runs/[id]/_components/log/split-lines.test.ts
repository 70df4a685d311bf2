import fc from "fast-check";
import { expect, test } from "vitest";

import type { OutputChunk } from "#server/contracts/runs.ts";

import { appendChunks, emptyLog, LINE_MAX_CHARS } from "./split-lines.ts";

let seq = 0;
const out = (text: string, stream: OutputChunk["stream"] = "stdout"): OutputChunk => ({
  seq: ++seq,
  stream,
  at: "2026-01-01T00:00:00.000Z",
  text,
  droppedBytes: null,
});

function linesOf(...chunks: OutputChunk[]): string[] {
  const log = emptyLog();
  appendChunks(log, chunks);
  return log.lines.map((line) => (line.kind === "text" ? line.text : `[${line.droppedBytes}]`));
}

test("lines end at newlines, wherever the chunks end", () => {
  expect(linesOf(out("one\ntw"), out("o\n\nthr"), out("ee"))).toEqual(["one", "two", "", "three"]);
});

test("an unfinished line of one stream is continued where it stands when the other speaks in between", () => {
  expect(linesOf(out("working… "), out("warning\n", "stderr"), out("done\nnext\n"))).toEqual(["working… done", "warning", "next"]);
});

test("a carriage return starts the line over, and one before a newline is a line end", () => {
  expect(linesOf(out("10 %\r20 %\r30 %\n"))).toEqual(["30 %"]);
  expect(linesOf(out("dos\r\nline\r\n"))).toEqual(["dos", "line"]);
  expect(linesOf(out("split\r"), out("\nnext"))).toEqual(["split", "next"]);
  expect(linesOf(out("10 %\r"))).toEqual(["10 %\r"]);
  expect(linesOf(out("10 %\r"), out("20 %"))).toEqual(["20 %"]);
  expect(linesOf(out("kept\r\r\n"))).toEqual(["kept"]);
});

test("colours that were not reset go on in the next line of the same stream only", () => {
  const log = emptyLog();
  appendChunks(log, [out("\u001b[31mred\nstill\u001b[0m plain\n"), out("err\n", "stderr"), out("\u001b[1m\u001b[32mbold green\nmore\n\u001b[0;34mblue\nend")]);
  expect(log.lines.map((line) => (line.kind === "text" ? line.style : null))).toEqual([
    "",
    "\u001b[31m",
    "",
    "",
    "\u001b[1m\u001b[32m",
    "\u001b[1m\u001b[32m",
    "\u001b[0;34m",
  ]);
});

test("the marker of dropped output is a line of its own, and what follows starts anew", () => {
  expect(linesOf(out("head, cut he"), { ...out(""), droppedBytes: 4096 }, out("tail\n"))).toEqual(["head, cut he", "[4096]", "tail"]);
});

test("a line without end goes on in further rows, and no character is cut in two", () => {
  const lines = linesOf(out("x".repeat(LINE_MAX_CHARS - 1)), out("🎉".repeat(10)), out("\nnext"));
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe("x".repeat(LINE_MAX_CHARS - 1));
  expect(lines[1]).toBe("🎉".repeat(10));
  expect(lines[2]).toBe("next");
});

test("a long progress bar keeps only its last state", () => {
  const log = emptyLog();
  for (let percent = 0; percent <= 1000; percent += 1) appendChunks(log, [out(`\r${percent}`)]);
  expect(log.lines).toEqual([expect.objectContaining({ text: "1000" })]);
});

test("however text is cut into chunks, the lines are the same", () => {
  const text = fc.array(fc.constantFrom("a", "b ", "\n", "\r", "\r\n", "\u001b[31m", "\u001b[0m", "ü", "🎉"), { maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 }), (parts, sizes) => {
      const whole = emptyLog();
      appendChunks(whole, [out(parts.join(""))]);
      const cut = emptyLog();
      for (let at = 0, turn = 0; at < parts.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        appendChunks(cut, [out(parts.slice(at, at + size).join(""))]);
        at += size;
      }
      expect(cut.lines).toEqual(whole.lines);
    }),
  );
});

import { createHash } from "node:crypto";
import { stripVTControlCharacters } from "node:util";

import type { Outcome } from "../contracts/statuses.ts";

/** What makes dead letters alike; shown as "why grouped". */
export type GroupKey = {
  outcome: Outcome;
  exitCode: number | null;
  signal: string | null;
  /** The run's name without what differs from run to run. */
  script: string;
  /** The last line of the output that tells of an error, likewise; null when none does. */
  line: string | null;
};

const LINE_MAX = 300;
/** Bytes of the end of an output that are looked through; a trace of a few dozen frames. */
export const TAIL_BYTES = 16 * 1024;

/** What runtimes print around an error: frames, carets, their own version. */
const AROUND = [/^\s+at\s/, /^\s*File ".*", line \d+/, /^Node\.js v\d/, /^[\s^~|}\])]*$/, /^\s*from .*:\d+:in /, /^\s*\d+: /, /^\s+\S/];
const TELLS = /\w(Error|Exception)\b|\b(error|exception|fatal|panic|failed|failure|denied|refused|cannot|can't|not found|no such|unable|abort)/i;
/** These end by the script's own doing, and what it said last is about that; other ends cut it off mid-sentence. */
const SAID_BY_SCRIPT: readonly Outcome[] = ["exit_nonzero", "signal"];

/**
 * The line of an output's end that says what went wrong: the last that tells of an error; else, where the script itself ended
 * it, the last that is not part of a stack trace.
 */
export function errorLineOf(tail: string, outcome: Outcome): string | null {
  const lines = stripVTControlCharacters(tail)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "" && !AROUND.some((pattern) => pattern.test(line)))
    .toReversed();
  const line = lines.find((text) => TELLS.test(text)) ?? (SAID_BY_SCRIPT.includes(outcome) ? lines[0] : undefined);
  return line === undefined ? null : normalise(line);
}

const VARYING: [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?([.,]\d+)?(Z|[+-]\d\d:?\d\d)?)?/g, "<time>"],
  [/\b\d\d:\d\d:\d\d([.,]\d+)?\b/g, "<time>"],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, "<address>"],
  [/\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b/g, "<email>"],
  [/\b0x[0-9a-f]+\b/gi, "<hex>"],
  [/(?<![\w.])(~|\.{1,2})?(\/[\w.@+-]+){2,}\/?/g, "<path>"],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/gi, "<hex>"],
  [/\d+/g, "<n>"],
];

/** A text with its numbers, ids, times, addresses and paths replaced by what they are, so that like meets like. */
export function normalise(text: string): string {
  // The order matters: an id is made of numbers, a time too.
  const replaced = VARYING.reduce((result, [pattern, name]) => result.replace(pattern, name), text.trim());
  return replaced.replaceAll(/\s+/g, " ").slice(0, LINE_MAX);
}

/** The same key, the same fingerprint: 20 hexadecimal digits. */
export function fingerprintOf({ outcome, exitCode, signal, script, line }: GroupKey): string {
  return createHash("sha256")
    .update(JSON.stringify([outcome, exitCode, signal, script, line]))
    .digest("hex")
    .slice(0, 20);
}

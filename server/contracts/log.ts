import { z } from "zod";

import type { LinePosition, LogLine } from "./lines.ts";
import { LOG_VIEWS } from "./lines.ts";
import { idTextSchema, textSchema } from "./text.ts";

/** What the log viewer asks: windows, searches and moments of an output that may have millions of lines. */

const ofAttempt = { id: idTextSchema, attempt: z.int().min(1).optional().describe("The last attempt if left out") };

export const LINES_MAX = 500;

export const readLinesSchema = z.strictObject({
  ...ofAttempt,
  view: z.enum(LOG_VIEWS).default("all"),
  from: z.int().describe("The first row, from 1; below 0: so many before the end"),
  count: z.int().min(1).max(LINES_MAX).default(LINES_MAX),
});
export type ReadLines = z.infer<typeof readLinesSchema>;

export type LinesPage = {
  attempt: number;
  lines: LogLine[];
  /** The last chunk that was there at that moment, and where the output stood after it. */
  seq: number;
  position: LinePosition;
  ended: boolean;
};

export const SEARCH_TEXT_MAX = 200;

export const searchLinesSchema = z.strictObject({
  ...ofAttempt,
  view: z.enum(LOG_VIEWS).default("all"),
  text: textSchema.min(1).max(SEARCH_TEXT_MAX, `must be at most ${SEARCH_TEXT_MAX} characters`),
  matchCase: z.boolean().default(false),
  around: z.int().min(1).default(1).describe("Of very many matches the rows nearest to this one are listed"),
});
export type SearchLines = z.infer<typeof searchLinesSchema>;

export type FoundLines = {
  /** Rows that match, all of them. */
  count: number;
  /** How many of them come before those that are listed. */
  before: number;
  rows: number[];
  /** Rows that were searched. */
  searched: number;
};

export const findMomentSchema = z.strictObject({
  ...ofAttempt,
  view: z.enum(LOG_VIEWS).default("all"),
  atMs: z.int().min(0).describe("Since the attempt's start"),
});
export type FindMoment = z.infer<typeof findMomentSchema>;

export const readLineSchema = z.strictObject({ ...ofAttempt, line: z.int().min(1) });
export type ReadLine = z.infer<typeof readLineSchema>;

export const compareOutputSchema = z.strictObject({
  id: idTextSchema,
  left: z.int().min(1),
  right: z.int().min(1),
  ignoreVarying: z.boolean().default(true).describe("Lines that differ in numbers, times, ids and addresses alone count as the same"),
});
export type CompareOutput = z.infer<typeof compareOutputSchema>;

/** A stretch of two outputs with what surrounds it. */
export type DiffHunk = { left: number; right: number; lines: { kind: "same" | "removed" | "added"; text: string }[] };

export type ComparedOutput = {
  hunks: DiffHunk[];
  /** Lines of each that were compared; `skipped` came before them. */
  left: { compared: number; skipped: number };
  right: { compared: number; skipped: number };
  /** The two differ too much to be set against each other line by line. */
  tooDifferent: boolean;
};

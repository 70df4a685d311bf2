import { stripVTControlCharacters } from "node:util";

import { structuredPatch } from "diff";

import type { ServiceContext } from "../context.ts";
import { rowsAt } from "../contracts/lines.ts";
import type { CompareOutput, ComparedOutput, DiffHunk } from "../contracts/log.ts";
import { LINES_MAX } from "../contracts/log.ts";
import { normalise } from "../dead-letters/fingerprint.ts";
import { readLines } from "./read-lines.ts";

/** Of each output its end is compared: that is where attempts part. */
const COMPARED_LINES = 2_000;
const CONTEXT_LINES = 3;
/** Beyond so many changes, or so long, a line by line picture says nothing any more. */
const EDITS_MAX = 2_000;
const PATIENCE_MS = 1_000;

/** What two attempts of a run printed, set against each other. @throws NotFoundError */
export async function compareOutput(ctx: ServiceContext, { id, left, right, ignoreVarying }: CompareOutput): Promise<ComparedOutput> {
  const [before, after] = await Promise.all([endOf(ctx, id, left), endOf(ctx, id, right)]);
  const counts = { left: before.counts, right: after.counts };
  const comparable = ignoreVarying ? normalise : (text: string) => text;
  const patch = structuredPatch("", "", asText(before.texts.map(comparable)), asText(after.texts.map(comparable)), "", "", {
    context: CONTEXT_LINES,
    maxEditLength: EDITS_MAX,
    timeout: PATIENCE_MS,
  });
  if (patch === undefined) return { ...counts, hunks: [], tooDifferent: true };
  const hunks = patch.hunks.map(({ oldStart, newStart, lines }) => withTexts({ oldStart, newStart, lines }, before.texts, after.texts));
  return {
    ...counts,
    hunks: hunks.map((hunk) => ({ ...hunk, left: hunk.left + counts.left.skipped, right: hunk.right + counts.right.skipped })),
    tooDifferent: false,
  };
}

const asText = (lines: string[]) => lines.map((line) => `${line}\n`).join("");

/** The lines themselves in place of what they were compared by. */
function withTexts({ oldStart, newStart, lines }: { oldStart: number; newStart: number; lines: string[] }, before: string[], after: string[]): DiffHunk {
  let [left, right] = [oldStart - 1, newStart - 1];
  return {
    left: oldStart,
    right: newStart,
    lines: lines.flatMap((line): DiffHunk["lines"] => {
      if (line.startsWith("-")) return [{ kind: "removed", text: before[left++] ?? "" }];
      if (line.startsWith("+")) return [{ kind: "added", text: after[right++] ?? "" }];
      if (!line.startsWith(" ")) return [];
      left += 1;
      return [{ kind: "same", text: after[right++] ?? "" }];
    }),
  };
}

async function endOf(ctx: ServiceContext, id: string, attempt: number) {
  const texts: string[] = [];
  const last = await readLines(ctx, { id, attempt, view: "all", from: -1, count: 1 });
  const rows = rowsAt(last.position, "all");
  const first = Math.max(1, rows - COMPARED_LINES + 1);
  for (let from = first; from <= rows; from += LINES_MAX) {
    const { lines } = await readLines(ctx, { id, attempt, view: "all", from, count: LINES_MAX });
    for (const { text, droppedBytes } of lines) texts.push(droppedBytes === null ? stripVTControlCharacters(text) : `[${droppedBytes} bytes dropped]`);
  }
  return { texts, counts: { compared: texts.length, skipped: first - 1 } };
}

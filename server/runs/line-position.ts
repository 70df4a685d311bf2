import { z } from "zod";

import type { LinePosition } from "../contracts/lines.ts";
import { startOfLog } from "../contracts/lines.ts";
import type { Database } from "../db/client.ts";

/** What a chunk's row says of where its output stands after it. */
export type PositionRow = { stdoutLines: number; stderrLines: number; carried: unknown };

const perStream = <T extends z.ZodType>(value: T) => z.strictObject({ stdout: value, stderr: value });

const carriedSchema = z.strictObject({
  open: perStream(z.int().nullable()),
  style: perStream(z.string()),
  escape: perStream(z.string()),
});

/** What goes on past a chunk, as its row keeps it; null when nothing does, which is the rule. */
export function carriedOf({ open, style, escape }: LinePosition): z.infer<typeof carriedSchema> | null {
  const isNothing = open.stdout === null && open.stderr === null && style.stdout === "" && style.stderr === "" && escape.stdout === "" && escape.stderr === "";
  return isNothing ? null : { open: { ...open }, style: { ...style }, escape: { ...escape } };
}

/** The position that a row describes. */
export function toPosition({ stdoutLines, stderrLines, carried }: PositionRow): LinePosition {
  const rest = carried === null ? startOfLog() : carriedSchema.parse(carried);
  return { lines: { stdout: stdoutLines, stderr: stderrLines }, open: rest.open, style: rest.style, escape: rest.escape };
}

/** Where an attempt's output stands before a chunk. */
export async function positionBefore({ pool }: Database, attemptId: string, seq: number): Promise<LinePosition> {
  const { rows } = await pool.query<PositionRow>(
    `SELECT stdout_lines AS "stdoutLines", stderr_lines AS "stderrLines", carried FROM output_chunk WHERE attempt_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT 1`,
    [attemptId, seq],
  );
  const [row] = rows;
  return row === undefined ? startOfLog() : toPosition(row);
}

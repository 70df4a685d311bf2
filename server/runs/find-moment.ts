import type { ServiceContext } from "../context.ts";
import { rowsAt } from "../contracts/lines.ts";
import type { FindMoment } from "../contracts/log.ts";
import { sql } from "../db/sql.ts";
import { findAttempt } from "./find-attempt.ts";
import { positionBefore } from "./line-position.ts";
import { lastSeq, seekChunk } from "./seek-output.ts";

/** The row of an attempt's output that was printed at a moment, or the next after it; null when it printed nothing. @throws NotFoundError */
export async function findMoment(ctx: ServiceContext, { id, attempt: number, view, atMs }: FindMoment): Promise<{ row: number | null }> {
  const { database } = ctx;
  const attempt = await findAttempt(ctx, id, number);
  if (attempt === null) return { row: null };
  const last = await lastSeq(database, attempt.id);
  const rows = rowsAt(await positionBefore(database, attempt.id, last + 1), view);
  if (rows === 0) return { row: null };
  const moment = new Date(attempt.startedAt.getTime() + atMs);
  const seq = await seekChunk(database, attempt.id, { after: 0, last }, sql`at >= ${moment}`);
  return { row: Math.min(rows, rowsAt(await positionBefore(database, attempt.id, seq), view) + 1) };
}

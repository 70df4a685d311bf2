import type { LogView } from "../contracts/lines.ts";
import type { Database } from "../db/client.ts";
import type { Sql } from "../db/sql.ts";
import { sql } from "../db/sql.ts";

/** The last chunk of an attempt's output; 0 when it has none. */
export async function lastSeq({ client }: Database, attemptId: string): Promise<number> {
  const row = await client.outputChunk.findFirst({ where: { attemptId }, orderBy: { seq: "desc" }, select: { seq: true } });
  return row?.seq ?? 0;
}

/**
 * Where the first chunk is for which something holds that holds for all after it too, by halving: a few index look-ups however long
 * the output, and no index of its own.
 * @param range chunks after `after`, up to `last`
 * @returns a number at or before that chunk's, with none in between; `last + 1` when it holds for none
 */
export async function seekChunk({ client }: Database, attemptId: string, range: { after: number; last: number }, holds: Sql): Promise<number> {
  const [found] = await client.$queryRaw<{ low: number }[]>(sql`
    WITH RECURSIVE probe (low, high) AS (
      SELECT ${range.after + 1}::int, ${range.last + 1}::int
      UNION ALL
      SELECT CASE WHEN chunk.holds THEN low ELSE chunk.seq + 1 END, CASE WHEN chunk.holds THEN (low + high) / 2 ELSE high END
      FROM probe, LATERAL (
        SELECT seq, ${holds} AS holds FROM output_chunk WHERE attempt_id = ${attemptId}::uuid AND seq >= (low + high) / 2 ORDER BY seq LIMIT 1
      ) AS chunk
      WHERE low < high
    )
    SELECT low FROM probe WHERE low >= high`);
  return found?.low ?? range.last + 1;
}

const COUNT: Record<LogView, Sql> = { all: sql`stdout_lines + stderr_lines`, stdout: sql`stdout_lines`, stderr: sql`stderr_lines` };

/** Where the chunk is in which a row of a view begins; see seekChunk. */
export function seekRow(database: Database, attemptId: string, view: LogView, row: number, range: { after: number; last: number }): Promise<number> {
  return seekChunk(database, attemptId, range, sql`${COUNT[view]} >= ${row}`);
}

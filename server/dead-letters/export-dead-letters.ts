import type { ServiceContext } from "../context.ts";
import type { Selection } from "../contracts/dead-letters.ts";
import type { RunSummary } from "../contracts/runs.ts";
import { readClock } from "../db/read-clock.ts";
import { sql } from "../db/sql.ts";
import { summarizeRuns } from "../runs/summarize-runs.ts";
import { momentOf, whereSelected } from "./select-dead-letters.ts";

const BATCH = 500;

/** The dead letters of a selection, newest first, in batches as they are read: however many they are, few are in memory. */
export async function* exportDeadLetters({ database }: ServiceContext, selection: Selection): AsyncGenerator<RunSummary[]> {
  const { client } = database;
  const asOf = momentOf(selection, await readClock(client));
  const where = whereSelected(selection, asOf);
  let last: string | null = null;
  for (;;) {
    const before = last === null ? sql`TRUE` : sql`run.id < ${last}::uuid`;
    const rows: { id: string }[] = await client.$queryRaw(sql`SELECT run.id FROM run WHERE ${where} AND ${before} ORDER BY run.id DESC LIMIT ${BATCH}`);
    const ids = rows.map(({ id }) => id);
    last = ids.at(-1) ?? null;
    if (ids.length > 0) yield await summarizeRuns(database, ids);
    if (last === null || ids.length < BATCH) return;
  }
}

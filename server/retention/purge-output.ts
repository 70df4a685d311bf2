import type { Database } from "../db/client.ts";
import { CLOCKS_DIFFER_MS, firstIdAt } from "../runs/run-filter.ts";

/** Attempts whose output is removed in one statement: small, since one may have thousands of rows. */
const BATCH = 50;
/** At most so many a call, so that a first purge of years does not hold a worker for hours; the next call goes on. */
const MOST = 20_000;

/**
 * Removes the output and samples of attempts that ended before a moment, and notes on each that it was. Ids rise with time, so what is
 * oldest is found by the outputs' own keys, and what is kept is never read. Returns of how many attempts.
 */
export async function purgeOutput(client: Database["client"], before: Date): Promise<number> {
  const madeBefore = firstIdAt(before.getTime() + CLOCKS_DIFFER_MS);
  let sum = 0;
  let after = firstIdAt(0);
  while (sum < MOST) {
    // Every attempt has samples, most have output; who has neither has nothing to remove.
    const oldest = await client.$queryRaw<{ id: string }[]>`
      (SELECT DISTINCT attempt_id AS id FROM output_chunk WHERE attempt_id > ${after}::uuid AND attempt_id < ${madeBefore}::uuid ORDER BY attempt_id LIMIT ${BATCH})
      UNION
      (SELECT DISTINCT attempt_id FROM usage_sample WHERE attempt_id > ${after}::uuid AND attempt_id < ${madeBefore}::uuid ORDER BY attempt_id LIMIT ${BATCH})
      ORDER BY id LIMIT ${BATCH}`;
    const last = oldest.at(-1);
    if (last === undefined) break;
    after = last.id;
    // A long attempt may have begun before that moment and still run, or have ended after it: it stays until its own time.
    const [removed] = await client.$queryRaw<{ attempts: number }[]>`
      WITH ended AS (
        UPDATE attempt SET output_removed_at = now() WHERE id = ANY(${oldest.map(({ id }) => id)}::uuid[]) AND finished_at < ${before} RETURNING id
      ), output AS (
        DELETE FROM output_chunk USING ended WHERE attempt_id = ended.id
      ), samples AS (
        DELETE FROM usage_sample USING ended WHERE attempt_id = ended.id
      )
      SELECT count(*)::int AS attempts FROM ended`;
    sum += removed?.attempts ?? 0;
    if (oldest.length < BATCH) break;
  }
  return sum;
}

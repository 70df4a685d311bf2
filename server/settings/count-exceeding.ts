import type { ServiceContext } from "../context.ts";
import type { CountExceeding } from "../contracts/settings.ts";
import { LIMIT_NAMES } from "../contracts/statuses.ts";
import type { LimitName } from "../contracts/statuses.ts";
import { COUNTED_MAX } from "../contracts/units.ts";
import { joinSql, rawSql, sql } from "../db/sql.ts";

/** How many runs wait whose limits are above new maxima; of a longer queue the first `COUNTED_MAX` are looked at. */
export type Exceeding = { runs: number; byLimit: Partial<Record<LimitName, number>>; complete: boolean };

/** Counts the runs that wait and were given more than these maxima. They keep it: a run keeps the policy it was submitted with. */
export async function countExceeding({ database: { client } }: ServiceContext, { maxima }: CountExceeding): Promise<Exceeding> {
  const names = LIMIT_NAMES.filter((name) => maxima[name] !== undefined);
  if (names.length === 0) return { runs: 0, byLimit: {}, complete: true };
  const above = names.map((name) => sql`(limits ->> ${name}::text)::float8 > ${maxima[name] ?? 0}::float8`);
  const counts = above.map((condition, index) => sql`count(*) FILTER (WHERE ${condition})::int AS ${rawSql(`"${names[index] ?? ""}"`)}`);
  const [row] = await client.$queryRaw<Record<string, number>[]>(sql`
    SELECT count(*)::int AS looked_at, count(*) FILTER (WHERE ${joinSql(above, " OR ")})::int AS exceeding, ${joinSql(counts)}
    FROM (SELECT limits FROM run WHERE status IN ('queued', 'retrying') LIMIT ${COUNTED_MAX}) AS waiting`);
  const byLimit = Object.fromEntries(names.map((name) => [name, row?.[name] ?? 0]).filter(([, count]) => count !== 0)) as Exceeding["byLimit"];
  return { runs: row?.["exceeding"] ?? 0, byLimit, complete: (row?.["looked_at"] ?? 0) < COUNTED_MAX };
}

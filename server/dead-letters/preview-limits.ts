import type { ServiceContext } from "../context.ts";
import type { PreviewLimits } from "../contracts/dead-letters.ts";
import { LIMIT_NAMES } from "../contracts/statuses.ts";
import type { LimitName } from "../contracts/statuses.ts";
import { readClock } from "../db/read-clock.ts";
import { joinSql, rawSql, sql } from "../db/sql.ts";
import { resolveLimits } from "../runs/resolve-policy.ts";
import { readSettings } from "../settings/read-settings.ts";
import { momentOf, whereSelected } from "./select-dead-letters.ts";

type Span = { min: number; max: number };

/** What one limit of the selected is, and what it would be. */
export type LimitPreview = {
  name: LimitName;
  before: Span;
  after: Span;
  /** So many would get the maximum instead of the multiple. */
  clamped: number;
  /** So many would get less than they had. */
  lowered: number;
};

export type LimitsPreview = { total: number; asOf: string; limits: LimitPreview[] };

/**
 * What a retry with raised limits would come to, changing nothing: how many it would touch, and each limit's span before and after.
 * @throws LimitExceededError, InvalidInputError for limits that would be refused.
 */
export async function previewLimits({ database: { client } }: ServiceContext, input: PreviewLimits): Promise<LimitsPreview> {
  const { values: settings } = await readSettings(client);
  resolveLimits(settings, input.limits);
  const asOf = momentOf(input, await readClock(client));
  const columns = LIMIT_NAMES.map((name) => {
    const own = sql`(limits ->> ${name}::text)::float8`;
    const maximum = sql`${settings.limits[name].maximum}::float8`;
    const wanted = input.limits?.[name] === undefined ? sql`${own} * ${input.limitFactors?.[name] ?? 1}::float8` : sql`${input.limits[name]}::float8`;
    // What is only kept is not held to a maximum that came later.
    const after = input.limitFactors?.[name] === undefined ? wanted : sql`least(${maximum}, round(${wanted}))`;
    return sql`jsonb_build_object(
      'before', jsonb_build_object('min', min(${own}), 'max', max(${own})),
      'after', jsonb_build_object('min', min(${after}), 'max', max(${after})),
      'clamped', coalesce(sum(alike) FILTER (WHERE ${after} < ${wanted} AND ${wanted} > ${maximum}), 0),
      'lowered', coalesce(sum(alike) FILTER (WHERE ${after} < ${own}), 0)
    ) AS ${rawSql(`"${name}"`)}`;
  });
  // Most runs have the same limits: those are put together before anything is worked out of them.
  const [row] = await client.$queryRaw<({ total: number } & Record<LimitName, Omit<LimitPreview, "name">>)[]>(
    sql`WITH kinds AS MATERIALIZED (SELECT limits, count(*)::int AS alike FROM run WHERE ${whereSelected(input, asOf)} GROUP BY limits)
      SELECT coalesce(sum(alike), 0)::int AS total, ${joinSql(columns)} FROM kinds`,
  );
  const total = row?.total ?? 0;
  return {
    total,
    asOf: asOf.toISOString(),
    limits: row === undefined || total === 0 ? [] : LIMIT_NAMES.map((name) => ({ name, ...row[name] })),
  };
}

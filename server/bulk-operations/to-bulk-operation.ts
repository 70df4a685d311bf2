import type { BulkOperation, Selection } from "../contracts/dead-letters.ts";
import { deadLetterFilterSchema } from "../contracts/dead-letters.ts";
import { limitFactorsSchema, limitsInputSchema, retryInputSchema } from "../contracts/policy.ts";
import type { Db } from "../db/client.ts";
import type { BulkItemResult, BulkOperation as Row } from "../db/generated/client.ts";
import { canaryOf } from "./canary.ts";

type Results = Record<BulkItemResult, number>;

/** Rows as the contract shows them, in their order, each counted from its items. */
export async function toBulkOperations(db: Db, rows: Row[]): Promise<BulkOperation[]> {
  const counts = await countResults(
    db,
    rows.map(({ id }) => id),
  );
  return Promise.all(
    rows.map(async (row) => {
      const { succeeded = 0, skipped = 0, failed = 0 } = counts.get(row.id) ?? {};
      return {
        id: row.id,
        kind: row.kind,
        status: row.status,
        dryRun: false,
        asOf: row.asOf.toISOString(),
        total: row.total,
        done: succeeded + skipped + failed,
        succeeded,
        skipped,
        failed,
        ratePerMinute: row.ratePerMinute,
        canary: await canaryOf(db, row),
        message: row.message,
        selection: summariseSelection(row.selection as Selection),
        limits: limitsInputSchema.nullable().parse(row.limits),
        limitFactors: limitFactorsSchema.nullable().parse(row.limitFactors),
        retry: retryInputSchema.nullable().parse(row.retry),
        createdBy: row.createdBy,
        createdAt: row.createdAt.toISOString(),
        finishedAt: row.finishedAt?.toISOString() ?? null,
      };
    }),
  );
}

/** A selection without the ids it holds: there may be ten thousand. */
export function summariseSelection({ ids, filter, excludeIds, excludeGroups, includeIds }: Selection): BulkOperation["selection"] {
  return {
    named: ids?.length ?? 0,
    filter: ids === undefined ? deadLetterFilterSchema.parse(filter ?? {}) : null,
    excluded: excludeIds?.length ?? 0,
    excludedGroups: excludeGroups?.length ?? 0,
    included: includeIds?.length ?? 0,
  };
}

async function countResults(db: Db, ids: string[]): Promise<Map<string, Partial<Results>>> {
  const groups = await db.bulkItem.groupBy({ by: ["operationId", "result"], where: { operationId: { in: ids }, result: { not: null } }, _count: true });
  const counts = new Map<string, Partial<Results>>();
  for (const { operationId, result, _count } of groups) {
    if (result !== null) counts.set(operationId, { ...counts.get(operationId), [result]: _count });
  }
  return counts;
}

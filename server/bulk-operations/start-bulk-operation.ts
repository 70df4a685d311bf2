import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { BulkOperation, RetryDeadLetters, Selection } from "../contracts/dead-letters.ts";
import { sql } from "../db/sql.ts";
import { readClock } from "../db/read-clock.ts";
import { momentOf, whereSelected } from "../dead-letters/select-dead-letters.ts";
import { getBulkOperation } from "./get-bulk-operation.ts";
import { summariseSelection } from "./to-bulk-operation.ts";

type Input = Selection & Pick<RetryDeadLetters, "limits" | "limitFactors" | "retry" | "ratePerMinute" | "canary" | "dryRun">;

/**
 * Freezes a selection of dead letters as a bulk operation and hands it to a worker: what arrives later is not in it.
 * A dry run only counts.
 */
export async function startBulkOperation(ctx: ServiceContext, kind: "retry" | "discard", input: Input): Promise<BulkOperation> {
  const id = await ctx.database.client.$transaction(async (tx) => {
    const now = await readClock(tx);
    const asOf = momentOf(input, now);
    const where = whereSelected(input, asOf);
    if (input.dryRun === true) {
      const [counted] = await tx.$queryRaw<{ count: number }[]>(sql`SELECT count(*)::int AS count FROM run WHERE ${where}`);
      return { count: counted?.count ?? 0, asOf, now };
    }
    const { ids, filter, excludeIds, excludeGroups, includeIds } = input;
    const operation = await tx.bulkOperation.create({
      data: {
        kind,
        selection: { ids, filter, excludeIds, excludeGroups, includeIds },
        ...(input.limits === undefined ? {} : { limits: input.limits }),
        ...(input.limitFactors === undefined ? {} : { limitFactors: input.limitFactors }),
        ...(input.retry === undefined ? {} : { retry: input.retry }),
        ratePerMinute: input.ratePerMinute ?? null,
        canaryCount: input.canary?.count ?? null,
        canaryPassPercent: input.canary?.passPercent ?? null,
        asOf,
        total: 0,
        createdBy: ctx.actor.name,
      },
    });
    // Frozen inside the database: however many they are, none of them travels.
    const total = await tx.$executeRaw(sql`
      INSERT INTO bulk_item (operation_id, run_id) SELECT ${operation.id}::uuid, id FROM run WHERE ${where}`);
    await tx.bulkOperation.update({ where: { id: operation.id }, data: total > 0 ? { total } : { status: "finished", finishedAt: now } });
    if (total > 0) await ctx.queue.enqueueBulkOperation(tx, operation.id, null);
    const { limits, retry, ratePerMinute, canary } = input;
    await recordAudit(tx, ctx, {
      action: kind === "retry" ? "dead-letters.retry" : "dead-letters.discard",
      target: { id: operation.id, name: `${total} dead letters` },
      // Those named are in the operation itself, with what became of each.
      after: { total, named: ids?.length, excluded: excludeIds?.length, filter, limits, retry, ratePerMinute, canary },
    });
    return operation.id;
  });
  if (typeof id === "string") return getBulkOperation(ctx, { id });
  return {
    id: null,
    kind,
    status: "finished",
    dryRun: true,
    asOf: id.asOf.toISOString(),
    total: id.count,
    done: 0,
    succeeded: 0,
    skipped: 0,
    failed: 0,
    ratePerMinute: input.ratePerMinute ?? null,
    canary: null,
    message: null,
    selection: summariseSelection(input),
    limits: input.limits ?? null,
    limitFactors: input.limitFactors ?? null,
    retry: input.retry ?? null,
    createdBy: ctx.actor.name,
    createdAt: id.now.toISOString(),
    finishedAt: id.now.toISOString(),
  };
}

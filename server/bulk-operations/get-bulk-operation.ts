import type { ServiceContext } from "../context.ts";
import type { BulkOperation } from "../contracts/dead-letters.ts";
import type { BulkItemResult } from "../db/generated/client.ts";
import { NotFoundError } from "../errors.ts";
import { requireId } from "../runs/run-id.ts";
import { canaryOf } from "./canary.ts";

/** A bulk operation with how far it is, counted from its items. @throws NotFoundError */
export async function getBulkOperation(ctx: ServiceContext, { id }: { id: string }): Promise<BulkOperation> {
  const { client } = ctx.database;
  const operation = await client.bulkOperation.findUnique({ where: { id: requireId("bulk operation", id) } });
  if (operation === null) throw new NotFoundError("bulk operation", id);
  const groups = await client.bulkItem.groupBy({ by: "result", where: { operationId: id, result: { not: null } }, _count: true });
  const counted = (result: BulkItemResult) => groups.find((group) => group.result === result)?._count ?? 0;
  const [succeeded, skipped, failed] = [counted("succeeded"), counted("skipped"), counted("failed")];
  return {
    id: operation.id,
    kind: operation.kind,
    status: operation.status,
    dryRun: false,
    asOf: operation.asOf.toISOString(),
    total: operation.total,
    done: succeeded + skipped + failed,
    succeeded,
    skipped,
    failed,
    ratePerMinute: operation.ratePerMinute,
    canary: await canaryOf(client, operation),
    message: operation.message,
    createdAt: operation.createdAt.toISOString(),
    finishedAt: operation.finishedAt?.toISOString() ?? null,
  };
}

import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { BulkOperation } from "../contracts/dead-letters.ts";
import type { Transaction } from "../db/client.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { requireId } from "../runs/run-id.ts";
import { getBulkOperation } from "./get-bulk-operation.ts";
import { lockBulkOperation } from "./lock-bulk-operation.ts";

type Wanted = { id: string };
type Locked = NonNullable<Awaited<ReturnType<typeof lockBulkOperation>>>;

/** Lets an operation rest after the batch it is at. @throws NotFoundError; ConflictError for one that has ended. */
export const pauseBulkOperation = (ctx: ServiceContext, { id }: Wanted): Promise<BulkOperation> =>
  steer(ctx, id, "bulk-operation.pause", (tx) => tx.bulkOperation.update({ where: { id }, data: { status: "paused" } }));

/** Lets a paused one go on where it was; likewise. */
export const resumeBulkOperation = (ctx: ServiceContext, { id }: Wanted): Promise<BulkOperation> =>
  steer(ctx, id, "bulk-operation.resume", async (tx, { status, message, now }) => {
    if (status !== "paused") return;
    // Paused by its canaries: whoever resumes it has judged them himself.
    const judged = message === null ? {} : { canaryJudgedAt: now, message: null };
    await tx.bulkOperation.update({ where: { id }, data: { status: "pending", nextBatchAt: null, ...judged } });
    await ctx.queue.enqueueBulkOperation(tx, id, null);
  });

/** Ends it: what is done stays done, the rest is left as it is and skipped. Likewise. */
export const abortBulkOperation = (ctx: ServiceContext, { id }: Wanted): Promise<BulkOperation> =>
  steer(ctx, id, "bulk-operation.abort", async (tx, { now }) => {
    await tx.bulkItem.updateMany({ where: { operationId: id, result: null }, data: { result: "skipped", reason: "The operation was aborted before it." } });
    await tx.bulkOperation.update({ where: { id }, data: { status: "aborted", finishedAt: now } });
  });

const VERBS = { "bulk-operation.pause": "paused", "bulk-operation.resume": "resumed", "bulk-operation.abort": "aborted" } as const;

/** Under the operation's lock, so that it falls between two batches. */
async function steer(ctx: ServiceContext, id: string, action: keyof typeof VERBS, change: (tx: Transaction, operation: Locked) => Promise<unknown>) {
  requireId("bulk operation", id);
  await ctx.database.client.$transaction(async (tx) => {
    const operation = await lockBulkOperation(tx, id);
    if (operation === null) throw new NotFoundError("bulk operation", id);
    const { status } = operation;
    if (status === "finished" || status === "aborted") throw new ConflictError(`This operation is ${status}; only one that goes on can be ${VERBS[action]}.`);
    await change(tx, operation);
    // Asking twice changes nothing.
    const changes = action === "bulk-operation.abort" || (status === "paused") === (action === "bulk-operation.resume");
    if (changes) await recordAudit(tx, ctx, { action, target: { id, name: `${operation.kind} of ${operation.total} dead letters` }, before: { status } });
    await publish(tx, { kind: "bulk-operation", id });
  });
  return getBulkOperation(ctx, { id });
}

import { randomUUID } from "node:crypto";

import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { deliveryOf } from "./delivery-of.ts";
import { getRun } from "./get-run.ts";
import { lockRun } from "./lock-run.ts";
import { requireId } from "./run-id.ts";

/**
 * Lets a run that waits out its backoff have its next attempt at once. Its counters and policy stay as they are.
 * @throws NotFoundError; ConflictError when the run does not wait for its next attempt.
 */
export async function retryNow(ctx: ServiceContext, { id }: { id: string }): Promise<Run> {
  requireId("run", id);
  await ctx.database.client.$transaction(async (tx) => {
    const run = await lockRun(tx, id);
    if (run === null) throw new NotFoundError("run", id);
    if (run.status !== "retrying") throw new ConflictError(`This run is ${run.status}; only one that is retrying has an attempt to bring forward.`);
    if (run.nextAttemptAt !== null && run.nextAttemptAt <= run.now) return;
    // A new job, since the old one may just be being taken: then the run names another and the taker lets go of it.
    const jobId = randomUUID();
    await tx.run.update({ where: { id }, data: { jobId, nextAttemptAt: run.now } });
    if (run.jobId !== null) await ctx.queue.withdraw(tx, [{ jobId: run.jobId, lane: run.lane }]);
    await ctx.queue.enqueue(tx, [deliveryOf(run, jobId, null)]);
    await recordAudit(tx, ctx, { action: "run.retry-now", target: { id, name: run.name } });
    await publish(tx, { kind: "run", ids: [id] });
  });
  return getRun(ctx, { id, include: [] });
}

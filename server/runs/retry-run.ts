import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { LimitsInput, RetryInput } from "../contracts/policy.ts";
import type { Run } from "../contracts/runs.ts";
import { RETRYABLE_STATUSES } from "../contracts/statuses.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { readSettings } from "../settings/read-settings.ts";
import { getRun } from "./get-run.ts";
import { lockRun } from "./lock-run.ts";
import { requeueRuns } from "./requeue-runs.ts";
import { requireId } from "./run-id.ts";

export type RetryRunInput = { id: string; limits?: LimitsInput | undefined; retry?: RetryInput | undefined };

/**
 * Queues a dead letter or failed run again, with other limits or another retry policy where given.
 * @throws NotFoundError; ConflictError when the run stands elsewhere; LimitExceededError, InvalidInputError.
 */
export async function retryRun(ctx: ServiceContext, { id, limits, retry }: RetryRunInput): Promise<Run> {
  requireId("run", id);
  const { values: settings } = await readSettings(ctx.database);
  await ctx.database.client.$transaction(async (tx) => {
    const run = await lockRun(tx, id);
    if (run === null) throw new NotFoundError("run", id);
    const requeued = await requeueRuns(tx, ctx.queue, [run], { settings, by: ctx.actor.name, operationId: null, limits, retry });
    if (requeued.length === 0) {
      throw new ConflictError(`This run is ${run.status}; only one that is ${RETRYABLE_STATUSES.join(" or ")} can be retried.`);
    }
    await recordAudit(tx, ctx, { action: "run.retry", target: { id, name: run.name }, before: { status: run.status }, after: { limits, retry } });
  });
  return getRun(ctx, { id, include: [] });
}

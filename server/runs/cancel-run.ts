import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import { OPEN_STATUSES } from "../contracts/statuses.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { getRun } from "./get-run.ts";
import { lockRun } from "./lock-run.ts";
import { requireId } from "./run-id.ts";
import { transitionRuns } from "./transition.ts";

/**
 * Ends a run that has not ended. One that waits is cancelled at once; of one that runs the worker is told, which ends
 * its whole process tree and settles it.
 * @throws NotFoundError; ConflictError when the run has already ended.
 */
export async function cancelRun(ctx: ServiceContext, { id }: { id: string }): Promise<Run> {
  requireId("run", id);
  await ctx.database.client.$transaction(async (tx) => {
    const run = await lockRun(tx, id);
    if (run === null) throw new NotFoundError("run", id);
    const recordCancel = () => recordAudit(tx, ctx, { action: "run.cancel", target: { id, name: run.name }, before: { status: run.status } });
    if (run.status === "running") {
      const { count } = await tx.run.updateMany({ where: { id, cancelRequestedAt: null }, data: { cancelRequestedAt: run.now } });
      if (count > 0) await recordCancel();
      await publish(tx, { kind: "cancel", ids: [id] });
      await publish(tx, { kind: "run", ids: [id] });
      return;
    }
    if (run.status !== "queued" && run.status !== "retrying") {
      throw new ConflictError(`This run has already ended (${run.status}); only one that is ${OPEN_STATUSES.join(", ")} can be cancelled.`);
    }
    await transitionRuns(tx, {
      ids: [id],
      from: [run.status],
      to: "cancelled",
      set: {
        finishedAt: run.now,
        cancelRequestedAt: run.now,
        nextAttemptAt: null,
        jobId: null,
        outcome: "cancelled",
        message: `Cancelled by ${ctx.actor.name} before it ran.`,
      },
    });
    await recordCancel();
    if (run.jobId !== null) await ctx.queue.withdraw(tx, [{ jobId: run.jobId, lane: run.lane }]);
  });
  return getRun(ctx, { id, include: [] });
}

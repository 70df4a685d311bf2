import type { ServiceContext } from "../context.ts";
import type { Run } from "../contracts/runs.ts";
import { OPEN_STATUSES } from "../contracts/statuses.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { getRun } from "./get-run.ts";
import { lockRun } from "./lock-run.ts";
import { requireId } from "./run-id.ts";
import { transitionRuns } from "./transition.ts";

/** Between reading which job delivers a run and locking the run, another may have become due; then it is read again. */
class Overtaken extends Error {
  override readonly name = "Overtaken";
}
const TRIES = 5;

/**
 * Ends a run that has not ended. One that waits is cancelled at once; of one that runs the worker is told, which ends
 * its whole process tree and settles it.
 * @throws NotFoundError; ConflictError when the run has already ended.
 */
export async function cancelRun(ctx: ServiceContext, { id }: { id: string }): Promise<Run> {
  requireId("run", id);
  for (let tries = 1; ; tries += 1) {
    try {
      await cancelOnce(ctx, id);
      return await getRun(ctx, { id, include: [] });
    } catch (error) {
      if (!(error instanceof Overtaken) || tries === TRIES) throw error;
    }
  }
}

/** The delivery before the run, as the lease takes them: the other way round the two would wait for each other. */
async function cancelOnce(ctx: ServiceContext, id: string): Promise<void> {
  await ctx.database.client.$transaction(async (tx) => {
    const seen = await tx.run.findUnique({ where: { id }, select: { jobId: true, lane: true } });
    if (seen === null) throw new NotFoundError("run", id);
    if (seen.jobId !== null) await ctx.queue.withdraw(tx, [{ jobId: seen.jobId, lane: seen.lane }]);
    const run = await lockRun(tx, id);
    if (run === null) throw new NotFoundError("run", id);
    if (run.status === "running") {
      await tx.run.updateMany({ where: { id, cancelRequestedAt: null }, data: { cancelRequestedAt: run.now } });
      await publish(tx, { kind: "cancel", ids: [id] });
      await publish(tx, { kind: "run", ids: [id] });
      return;
    }
    if (run.status !== "queued" && run.status !== "retrying") {
      throw new ConflictError(`This run has already ended (${run.status}); only one that is ${OPEN_STATUSES.join(", ")} can be cancelled.`);
    }
    if (run.jobId !== seen.jobId) throw new Overtaken();
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
  });
}

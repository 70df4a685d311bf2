import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { Worker } from "../contracts/workers.ts";
import { readClock } from "../db/read-clock.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { requireId } from "../runs/run-id.ts";
import { WITH_RUNNING, toWorker } from "./to-worker.ts";

/**
 * Lets a worker finish what it runs and take nothing new, until it is resumed. Asking twice changes nothing.
 * @throws NotFoundError; ConflictError for one that has ended.
 */
export const drainWorker = (ctx: ServiceContext, { id }: { id: string }): Promise<Worker> => turn(ctx, id, "draining");

/** Lets a drained worker take runs again; likewise. */
export const resumeWorker = (ctx: ServiceContext, { id }: { id: string }): Promise<Worker> => turn(ctx, id, "active");

async function turn(ctx: ServiceContext, id: string, to: "active" | "draining"): Promise<Worker> {
  requireId("worker", id);
  return ctx.database.client.$transaction(async (tx) => {
    const from = to === "active" ? "draining" : "active";
    const { count } = await tx.worker.updateMany({ where: { id, status: from }, data: { status: to } });
    const row = await tx.worker.findUnique({ where: { id }, include: WITH_RUNNING });
    if (row === null) throw new NotFoundError("worker", id);
    if (row.status !== to) throw new ConflictError(`This worker is ${row.status}; only one that lives can be drained or resumed.`);
    if (count > 0) {
      await recordAudit(tx, ctx, {
        action: to === "active" ? "worker.resume" : "worker.drain",
        target: { id, name: row.host },
        before: { status: from },
        after: { status: to },
      });
      await publish(tx, { kind: "worker" });
    }
    return toWorker(row, await readClock(tx));
  });
}

/** Whether a worker is to take runs: false while it is drained. Null when it is not known any more. */
export async function mayTakeRuns({ database }: Pick<ServiceContext, "database">, id: string): Promise<boolean | null> {
  const row = await database.client.worker.findUnique({ where: { id }, select: { status: true } });
  return row === null ? null : row.status === "active";
}

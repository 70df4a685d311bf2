import type { ServiceContext } from "../context.ts";
import type { ManyRuns } from "../contracts/runs.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { cancelRun } from "./cancel-run.ts";
import { isId } from "./run-id.ts";
import { retryNow } from "./retry-now.ts";
import { retryRun } from "./retry-run.ts";

/** So many at once, that one request does not take all connections to the database. */
const AT_ONCE = 4;

/** Cancels runs, each by itself: those that have already ended are skipped, and say so. */
export async function cancelRuns(ctx: ServiceContext, ids: string[]): Promise<ManyRuns> {
  return doToEach(ctx, ids, (id) => cancelRun(ctx, { id }));
}

/** Queues dead letters and failed runs again, and lets those that wait out their backoff go on at once; all others are skipped, and say so. */
export async function retryRuns(ctx: ServiceContext, ids: string[]): Promise<ManyRuns> {
  const waiting = await ctx.database.client.run.findMany({ where: { id: { in: ids.filter(isId) }, status: "retrying" }, select: { id: true } });
  const isWaiting = new Set(waiting.map(({ id }) => id));
  return doToEach(ctx, ids, (id) => (isWaiting.has(id) ? retryNow(ctx, { id }) : retryRun(ctx, { id })));
}

async function doToEach(ctx: ServiceContext, ids: string[], act: (id: string) => Promise<unknown>): Promise<ManyRuns> {
  const left = [...new Set(ids)];
  const done: string[] = [];
  const refused: string[] = [];
  const work = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        await act(id);
        done.push(id);
      } catch (error) {
        if (!(error instanceof ConflictError) && !(error instanceof NotFoundError)) throw error;
        refused.push(id);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const rows = await ctx.database.client.run.findMany({ where: { id: { in: refused.filter(isId) } }, select: { id: true, name: true, status: true } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { done, skipped: refused.map((id) => byId.get(id) ?? { id, name: null, status: null }) };
}

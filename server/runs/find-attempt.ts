import type { ServiceContext } from "../context.ts";
import type { Attempt } from "../db/generated/client.ts";
import { NotFoundError } from "../errors.ts";
import { requireId } from "./run-id.ts";

/**
 * A run's attempt by number, or its last; null when the run has none yet.
 * @throws NotFoundError when there is no such run, or no attempt with that number.
 */
export async function findAttempt(ctx: ServiceContext, runId: string, number?: number): Promise<Attempt | null> {
  const id = requireId("run", runId);
  const attempt = await ctx.database.client.attempt.findFirst({
    where: { runId: id, ...(number === undefined ? {} : { number }) },
    orderBy: { number: "desc" },
  });
  if (attempt !== null) return attempt;
  const run = await ctx.database.client.run.findUnique({ where: { id }, select: { id: true } });
  if (run === null) throw new NotFoundError("run", runId);
  if (number !== undefined) throw new NotFoundError("attempt of this run", String(number));
  return null;
}

import type { ServiceContext } from "../context.ts";
import type { Run, SubmitBatch } from "../contracts/runs.ts";
import { sqlTransaction } from "../db/sql-transaction.ts";
import type { FieldError } from "../errors.ts";
import { InvalidInputError, LimitExceededError, ServiceError } from "../errors.ts";
import { readSettings } from "../settings/read-settings.ts";
import { readFleet } from "../workers/read-fleet.ts";
import { acceptRun, prepareRun } from "./accept-run.ts";
import { insertRuns } from "./insert-runs.ts";
import { policyResolver } from "./resolve-policy.ts";
import { toNewRun } from "./to-run.ts";

/**
 * Accepts many runs, all or none, in one transaction with their jobs, and in the order they were given.
 * @throws LimitExceededError, InvalidInputError naming every refused field of every run (`runs.3.limits.memoryBytes`).
 */
export async function submitBatch(ctx: ServiceContext, { runs }: SubmitBatch): Promise<{ items: Run[] }> {
  const { values: settings } = await readSettings(ctx.database);
  const policyOf = policyResolver(settings);
  const given = await acceptAll(
    runs.map((body) => async () => {
      const accepted = acceptRun(settings, body, "batch", policyOf);
      return { body, accepted, sealed: await prepareRun(ctx.database, ctx.actor, body) };
    }),
  );
  const [rows, fleet] = await Promise.all([sqlTransaction(ctx.database, (tx) => insertRuns(tx, ctx, given)), readFleet(ctx.database)]);
  return { items: rows.map((row) => toNewRun(row, fleet)) };
}

/** Every run's own refusal, each field by its place in the batch; so that one look mends them all. */
async function acceptAll<T>(accepts: (() => Promise<T>)[]): Promise<T[]> {
  const accepted: T[] = [];
  const refused: { fields: FieldError[]; isLimit: boolean }[] = [];
  for (const [index, accept] of accepts.entries()) {
    try {
      accepted.push(await accept());
    } catch (error) {
      if (!(error instanceof ServiceError) || error.fields.length === 0) throw error;
      const fields = error.fields.map(({ path, message }) => ({ path: `runs.${index}.${path}`, message }));
      refused.push({ fields, isLimit: error instanceof LimitExceededError });
    }
  }
  if (refused.length === 0) return accepted;
  const fields = refused.flatMap((one) => one.fields);
  throw refused.every(({ isLimit }) => isLimit) ? new LimitExceededError(fields) : new InvalidInputError(fields);
}

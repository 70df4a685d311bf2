import { createHash, randomUUID } from "node:crypto";

import type { ServiceContext } from "../context.ts";
import type { Run, SubmitRun } from "../contracts/runs.ts";
import type { Lane } from "../contracts/statuses.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import { sqlTransaction } from "../db/sql-transaction.ts";
import { ConflictError, TooManyRequestsError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { digestEnv } from "../secrets/seal-env.ts";
import { readSettings } from "../settings/read-settings.ts";
import { acceptRun } from "./accept-run.ts";
import { deliveryOf } from "./delivery-of.ts";
import { getRun } from "./get-run.ts";
import { insertRuns } from "./insert-runs.ts";
import { toRun } from "./to-run.ts";
import { fleetFor } from "./waiting-reason.ts";

export type SubmitInput = SubmitRun & { lane: Lane; idempotencyKey?: string };

/**
 * Accepts a run: its row and the job that delivers it commit together, so that what is acknowledged is never lost.
 * The same idempotency key of the same caller with the same body returns the run made first (`created: false`).
 * @throws LimitExceededError, InvalidInputError naming what is refused; ConflictError when the key was used for another body;
 * TooManyRequestsError when as many wait in the interactive lane as the settings allow.
 */
export async function submitRun(ctx: ServiceContext, input: SubmitInput): Promise<{ run: Run; created: boolean }> {
  const { lane, idempotencyKey, ...body } = input;
  const requestHash = idempotencyKey === undefined ? null : hashOf({ lane, ...body, ...(body.env === undefined ? {} : { env: digestEnv(body.env) }) });
  if (idempotencyKey !== undefined) {
    const earlier = await findEarlier(ctx, idempotencyKey, requestHash);
    if (earlier !== null) return earlier;
  }

  const { values: settings } = await readSettings(ctx.database);
  const accepted = await acceptRun(ctx.database, ctx.actor, settings, body, lane);
  if (lane === "interactive") await requireRoomToWait(ctx, settings);
  const jobId = randomUUID();
  const key = idempotencyKey === undefined || requestHash === null ? {} : { key: { idempotencyKey, requestHash } };
  try {
    const run = await sqlTransaction(ctx.database, async (tx) => {
      const [row] = await insertRuns(tx, ctx.actor, [{ accepted, body, jobId, ...key }]);
      if (row === undefined) throw new Error("The run was not written.");
      await ctx.queue.enqueue(tx, [deliveryOf(row, jobId, null)]);
      await publish(tx, { kind: "run", ids: [row.id] });
      return row;
    });
    return { run: toRun({ ...run, attempts: [], requeues: [] }, await fleetFor(ctx.database, [run])), created: true };
  } catch (error) {
    // Another request with the same key committed in between: its run is the answer.
    const earlier = idempotencyKey === undefined ? null : await findEarlier(ctx, idempotencyKey, requestHash);
    if (earlier !== null) return earlier;
    throw error;
  }
}

const RETRY_AFTER_S = { least: 1, most: 60 };

/** Somebody waits for each of them: past a point a clear no is better than a wait that ends without an answer. Not exact among racing callers. */
async function requireRoomToWait(ctx: ServiceContext, { execute: { maximumQueued } }: SettingsValues) {
  const { count, sinceMs } = await ctx.queue.readDue(ctx.database, "interactive", maximumQueued);
  if (count < maximumQueued) return;
  // Who is next has waited for so long; who comes now would wait longer.
  const retryAfterS = Math.min(RETRY_AFTER_S.most, Math.max(RETRY_AFTER_S.least, Math.ceil((sinceMs ?? 0) / 1000)));
  throw new TooManyRequestsError(
    `The interactive lane is full: ${maximumQueued} runs wait for a slot. Try again in ${retryAfterS} s, or submit it to the batch lane with POST /api/v1/runs.`,
    retryAfterS,
  );
}

async function findEarlier(ctx: ServiceContext, idempotencyKey: string, requestHash: string | null) {
  const earlier = await ctx.database.client.run.findUnique({
    where: { submitterId_idempotencyKey: { submitterId: ctx.actor.id, idempotencyKey } },
    select: { id: true, requestHash: true },
  });
  if (earlier === null) return null;
  if (earlier.requestHash !== requestHash) {
    throw new ConflictError("This Idempotency-Key was already used for a request with another body. Use a new key, or send the same body.");
  }
  return { run: await getRun(ctx, { id: earlier.id, include: [] }), created: false };
}

/** The same body, whatever the order of its fields, has the same hash. */
function hashOf(body: unknown): string {
  const canonical = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(canonical).digest("hex");
}

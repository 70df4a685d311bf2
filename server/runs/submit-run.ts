import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";

import type { ServiceContext } from "../context.ts";
import type { Run, SubmitRun } from "../contracts/runs.ts";
import { MOST_QUEUED } from "../contracts/settings.ts";
import type { SettingsValues } from "../contracts/settings.ts";
import type { Lane } from "../contracts/statuses.ts";
import type { Database } from "../db/client.ts";
import { isUnmet, sqlTransaction } from "../db/sql-transaction.ts";
import type { SqlTransaction } from "../db/sql-transaction.ts";
import { ConflictError, ServiceError, TooManyRequestsError } from "../errors.ts";
import type { Queue } from "../queue/queue.ts";
import { digestEnv } from "../secrets/seal-env.ts";
import { readSettings, requireInForce, settingsLastRead } from "../settings/read-settings.ts";
import type { SettingsInForce } from "../settings/read-settings.ts";
import { readFleet } from "../workers/read-fleet.ts";
import { acceptRun, prepareRun } from "./accept-run.ts";
import { getRun } from "./get-run.ts";
import { INSERTS, insertRuns } from "./insert-runs.ts";
import type { InsertedRun, NewRun } from "./insert-runs.ts";
import { toNewRun } from "./to-run.ts";

export type SubmitInput = SubmitRun & { lane: Lane; idempotencyKey?: string };

/** A run that was accepted; what was made, and by which settings, if it was made now: none if the key's run was there already. */
export type Placed = { id: string; made: { row: InsertedRun; settings: SettingsValues } | null };

/** What is to be written, but for what the settings say. */
type Asked = Pick<NewRun, "body" | "sealed" | "key"> & { lane: Lane };

type Waiting = Awaited<ReturnType<Queue["readDue"]>>;

/**
 * Accepts a run by the settings in force: its row and the job that delivers it commit together, so that what is acknowledged is never lost.
 * The same idempotency key of the same caller with the same body returns the run made first (`made: null`).
 * @throws LimitExceededError, InvalidInputError naming what is refused; ConflictError when the key was used for another body;
 * TooManyRequestsError when as many wait in the interactive lane as the settings allow.
 */
export async function placeRun(ctx: ServiceContext, input: SubmitInput): Promise<Placed> {
  const { lane, idempotencyKey, ...body } = input;
  const requestHash = idempotencyKey === undefined ? null : hashOf({ lane, ...body, ...(body.env === undefined ? {} : { env: digestEnv(body.env) }) });
  if (idempotencyKey !== undefined) {
    const earlier = await findEarlier(ctx, idempotencyKey, requestHash);
    if (earlier !== null) return earlier;
  }

  // Before the transaction: who held one connection and waited for another could wait for others who do the same.
  const sealed = await prepareRun(ctx.database, ctx.actor, body);
  const asked: Asked = { body, lane, sealed, ...(idempotencyKey === undefined || requestHash === null ? {} : { key: { idempotencyKey, requestHash } }) };
  try {
    return (await placeAsKnown(ctx, asked)) ?? (await placeAsRead(ctx, asked));
  } catch (error) {
    // Another request with the same key committed in between: its run is the answer.
    const earlier = idempotencyKey === undefined ? null : await findEarlier(ctx, idempotencyKey, requestHash);
    if (earlier !== null) return earlier;
    throw error;
  }
}

/** Lanes that were full when a run came last: who comes next looks first, or each of many refused would be an error in PostgreSQL's log. */
const fullLanes = new WeakMap<Database, Partial<Record<Lane, boolean>>>();

/**
 * In one round trip: by the settings that this process knows, if they are still in force and there is room to wait, which the transaction
 * itself makes sure of. Null, and nothing is written, where that is not so, or where they would refuse it: then it takes a look.
 */
async function placeAsKnown(ctx: ServiceContext, asked: Asked): Promise<Placed | null> {
  const { body, lane } = asked;
  const known = settingsLastRead(ctx.database);
  if (known === null || fullLanes.get(ctx.database)?.[lane] === true) return null;
  const { execute } = known.values;
  try {
    const accepted = acceptRun(known.values, body, lane);
    const isBounded = lane === "interactive";
    const place = async (tx: SqlTransaction) => {
      const [, , placed] = await Promise.all([
        requireInForce(tx, known),
        isBounded ? ctx.queue.requireFewer(tx, lane, execute.maximumQueued) : null,
        write(tx, ctx, asked, accepted, known.values),
      ]);
      return placed;
    };
    return await sqlTransaction(ctx.database, place, { writes: (isBounded ? 2 : 1) + INSERTS });
  } catch (error) {
    if (error instanceof ServiceError || isUnmet(error)) return null;
    throw error;
  }
}

/** By the settings in force and who waits, which are read first. */
async function placeAsRead(ctx: ServiceContext, asked: Asked): Promise<Placed> {
  const { body, lane } = asked;
  const isFull = fullLanes.get(ctx.database) ?? {};
  fullLanes.set(ctx.database, isFull);
  const look = (tx: SqlTransaction) => Promise.all([readSettings(ctx.database, tx), lane === "interactive" ? ctx.queue.readDue(tx, lane, MOST_QUEUED) : null]);
  const place = async (tx: SqlTransaction, [{ values: settings }, waiting]: [SettingsInForce, Waiting | null]) => {
    const accepted = acceptRun(settings, body, lane);
    const refusal = waiting === null ? null : refusalFor(settings, waiting);
    isFull[lane] = refusal !== null;
    if (refusal !== null) throw refusal;
    return write(tx, ctx, asked, accepted, settings);
  };
  return sqlTransaction(ctx.database, place, { first: look, writes: INSERTS });
}

async function write(tx: SqlTransaction, ctx: ServiceContext, { body, sealed, key }: Asked, accepted: ReturnType<typeof acceptRun>, settings: SettingsValues) {
  const [row] = await insertRuns(tx, ctx, [{ accepted, sealed, body, ...(key === undefined ? {} : { key }) }]);
  if (row === undefined) throw new Error("The run was not written.");
  return { id: row.id, made: { row, settings } };
}

/** As placeRun, by the settings in force, and tells how the run stands. @throws as that */
export async function submitRun(ctx: ServiceContext, input: SubmitInput): Promise<{ run: Run; created: boolean }> {
  // Behind the run's own statements, which are waited for longest.
  const [{ id, made }, fleet] = await Promise.all([placeRun(ctx, input), nextTurn().then(() => readFleet(ctx.database))]);
  return { run: made === null ? await getRun(ctx, { id, include: [] }) : toNewRun(made.row, fleet), created: made !== null };
}

const RETRY_AFTER_S = { least: 1, most: 60 };

/** Somebody waits for each of them: past a point a clear no is better than a wait that ends without an answer. Not exact among racing callers. */
function refusalFor({ execute: { maximumQueued } }: SettingsValues, { count, sinceMs }: Waiting): TooManyRequestsError | null {
  if (count < maximumQueued) return null;
  // Who is next has waited for so long; who comes now would wait longer.
  const retryAfterS = Math.min(RETRY_AFTER_S.most, Math.max(RETRY_AFTER_S.least, Math.ceil((sinceMs ?? 0) / 1000)));
  return new TooManyRequestsError(
    `The interactive lane is full: ${maximumQueued} runs wait for a slot. Try again in ${retryAfterS} s, or submit it to the batch lane with POST /api/v1/runs.`,
    retryAfterS,
  );
}

async function findEarlier(ctx: ServiceContext, idempotencyKey: string, requestHash: string | null): Promise<Placed | null> {
  const earlier = await ctx.database.client.run.findUnique({
    where: { submitterId_idempotencyKey: { submitterId: ctx.actor.id, idempotencyKey } },
    select: { id: true, requestHash: true },
  });
  if (earlier === null) return null;
  if (earlier.requestHash !== requestHash) {
    throw new ConflictError("This Idempotency-Key was already used for a request with another body. Use a new key, or send the same body.");
  }
  return { id: earlier.id, made: null };
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

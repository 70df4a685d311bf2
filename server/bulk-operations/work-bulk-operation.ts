import { limitFactorsSchema, limitsInputSchema, retryInputSchema } from "../contracts/policy.ts";
import type { Database, Transaction } from "../db/client.ts";
import type { BulkOperation } from "../db/generated/client.ts";
import { ServiceError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import type { Queue } from "../queue/queue.ts";
import { changedPolicy, changesPolicy } from "../runs/changed-policy.ts";
import { requeueRuns } from "../runs/requeue-runs.ts";
import type { Policied } from "../runs/requeue-runs.ts";
import { transitionRuns } from "../runs/transition.ts";
import { readSettings } from "../settings/read-settings.ts";
import { countCanaries, judgeCanary } from "./canary.ts";
import { lockBulkOperation } from "./lock-bulk-operation.ts";

type Operation = NonNullable<Awaited<ReturnType<typeof lockBulkOperation>>>;

/** Runs settled in one transaction: large enough to be quick, small enough to let others in between. */
const BATCH = 500;

/** With a pace, what is due within this time is settled together. */
const PACE_MS = 2_000;
/** A job that comes late brings what was due meanwhile; what was due while no worker lived is not made up for at once. */
const LATE_MAX_MS = 10_000;
/** While canaries run, they are looked at so often. */
const CANARY_LOOK_MS = 1_000;

/**
 * Carries a bulk operation out, batch by batch; each batch commits with its items' results. Called again after a crash
 * it goes on with the items that have none. Items that two operations share are done by one and skipped by the other. One
 * with a pace does one batch and leaves the next to a job that comes due then, so that it holds up no other operation; one
 * with canaries sends those, and looks again in the same way until they are judged.
 */
export async function workBulkOperation(database: Database, queue: Queue, operationId: string): Promise<void> {
  for (;;) {
    const isThereMore = await database.client.$transaction((tx) => workBatch(tx, queue, operationId));
    if (!isThereMore) return;
  }
}

/** Works a batch if the operation is to go on now; whether another may follow at once. */
async function workBatch(tx: Transaction, queue: Queue, operationId: string): Promise<boolean> {
  // Held until the batch commits: who pauses or aborts does so between two.
  const operation = await lockBulkOperation(tx, operationId);
  if (operation === null || (operation.status !== "pending" && operation.status !== "running")) return false;
  if (operation.nextBatchAt !== null && operation.nextBatchAt > operation.now) return false;
  if (operation.canaryJudgedAt === null && operation.canaryCount !== null && operation.canaryPassPercent !== null) {
    const canary = { count: operation.canaryCount, passPercent: operation.canaryPassPercent };
    if (!(await workCanary(tx, queue, operation, canary))) return false;
  }
  const { ratePerMinute } = operation;
  const lateMs = operation.nextBatchAt === null ? 0 : Math.min(LATE_MAX_MS, operation.now.getTime() - operation.nextBatchAt.getTime());
  const most = ratePerMinute === null ? BATCH : Math.min(BATCH, Math.max(1, Math.floor((ratePerMinute * (PACE_MS + lateMs)) / 60_000)));
  const worked = await workItems(tx, queue, operation, most, false);
  const isThereMore = await hasItems(tx, operationId);
  const nextBatchAt = !isThereMore || ratePerMinute === null ? null : new Date(operation.now.getTime() - lateMs + (worked * 60_000) / ratePerMinute);
  await tx.bulkOperation.update({
    where: { id: operationId },
    data: isThereMore ? { status: "running", nextBatchAt } : { status: "finished", finishedAt: operation.now },
  });
  if (nextBatchAt !== null) await queue.enqueueBulkOperation(tx, operationId, nextBatchAt);
  await publish(tx, { kind: "bulk-operation", id: operationId });
  return isThereMore && nextBatchAt === null;
}

const hasItems = async (tx: Transaction, operationId: string) =>
  (await tx.bulkItem.findFirst({ where: { operationId, result: null }, select: { runId: true } })) !== null;

/** Sends the canaries, or judges those that were sent; true when the rest may go. */
async function workCanary(tx: Transaction, queue: Queue, operation: Operation, canary: { count: number; passPercent: number }): Promise<boolean> {
  const { id, now } = operation;
  const counts = await countCanaries(tx, id);
  const isThereMore = await hasItems(tx, id);
  const verdict = judgeCanary(canary, counts, isThereMore);
  if (verdict === "passed" || !isThereMore) {
    await tx.bulkOperation.update({ where: { id }, data: { canaryJudgedAt: now } });
    return true;
  }
  await publish(tx, { kind: "bulk-operation", id });
  if (verdict === "failed") {
    const message = `${counts.failed} of the first ${counts.sent} failed again; ${canary.passPercent} % had to succeed. Resume to send the rest all the same, or abort.`;
    await tx.bulkOperation.update({ where: { id }, data: { status: "paused", message, nextBatchAt: null } });
    return false;
  }
  if (verdict === "send") await workItems(tx, queue, operation, Math.min(BATCH, canary.count - counts.sent), true);
  const nextBatchAt = new Date(now.getTime() + CANARY_LOOK_MS);
  await tx.bulkOperation.update({ where: { id }, data: { status: "running", nextBatchAt } });
  await queue.enqueueBulkOperation(tx, id, nextBatchAt);
  return false;
}

/** Settles up to so many items; returns how many it did. */
async function workItems(tx: Transaction, queue: Queue, operation: BulkOperation, most: number, canary: boolean): Promise<number> {
  const items = await tx.$queryRaw<{ run_id: string }[]>`
    SELECT run_id FROM bulk_item WHERE operation_id = ${operation.id}::uuid AND result IS NULL ORDER BY run_id LIMIT ${most} FOR UPDATE`;
  if (items.length === 0) return 0;
  const ids = items.map((item) => item.run_id);
  const dead = await lockDead(tx, ids, operation.asOf);
  const isDead = new Set(dead.map((run) => run.id));
  const record = async (runIds: string[], result: "succeeded" | "skipped" | "failed", reason: string | null) => {
    if (runIds.length === 0) return;
    await tx.$executeRaw`
      UPDATE bulk_item SET result = ${result}::bulk_item_result, reason = ${reason}, canary = ${canary}
      WHERE operation_id = ${operation.id}::uuid AND run_id = ANY(${runIds}::uuid[])`;
  };
  await record(
    ids.filter((id) => !isDead.has(id)),
    "skipped",
    "It was no longer a dead letter, or had become one again since.",
  );
  const { moved, refused } = await carryOut(tx, queue, operation, dead);
  await record(moved, "succeeded", null);
  for (const { id, reason } of refused) await record([id], "failed", reason);
  return items.length;
}

/** The runs of a batch that are still the dead letters that were selected, locked in id order so that concurrent operations can't deadlock. */
async function lockDead(tx: Transaction, ids: string[], asOf: Date): Promise<Policied[]> {
  // Of a row that another changed while it was waited for, the conditions are looked at once more.
  return tx.$queryRaw<Policied[]>`
    SELECT id, limits, retry FROM run WHERE id = ANY(${ids}::uuid[]) AND status = 'dead' AND finished_at <= ${asOf} ORDER BY id FOR UPDATE`;
}

/** Moves the runs; returns the ids of those that moved, and why others were refused. */
async function carryOut(tx: Transaction, queue: Queue, operation: BulkOperation, runs: Policied[]) {
  const refused: { id: string; reason: string }[] = [];
  if (operation.kind === "discard") {
    const discarded = await transitionRuns(tx, { ids: runs.map((run) => run.id), from: ["dead"], to: "discarded", set: { fingerprint: null } });
    return { moved: discarded.map((run) => run.id), refused };
  }
  const { values: settings } = await readSettings(tx);
  const changes = {
    settings,
    by: operation.createdBy,
    operationId: operation.id,
    limits: operation.limits === null ? undefined : limitsInputSchema.parse(operation.limits),
    limitFactors: operation.limitFactors === null ? undefined : limitFactorsSchema.parse(operation.limitFactors),
    retry: operation.retry === null ? undefined : retryInputSchema.parse(operation.retry),
  };
  if (!changesPolicy(changes)) return { moved: await requeueRuns(tx, queue, runs, changes), refused };
  // A run's own policy together with the change may be refused (a limit it already had is above a new maximum): the others go on.
  const accepted = runs.filter((run) => {
    try {
      changedPolicy(run, settings, changes);
      return true;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      refused.push({ id: run.id, reason: error.message });
      return false;
    }
  });
  return { moved: await requeueRuns(tx, queue, accepted, changes), refused };
}

import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { AuditAction } from "../contracts/audit.ts";
import type { DeadLetterGroup, GroupState } from "../contracts/dead-letters.ts";
import { readClock } from "../db/read-clock.ts";
import type { DeadLetterGroup as GroupRow } from "../db/generated/client.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { emptyGroup, listGroups } from "./list-groups.ts";

type Wanted = { fingerprint: string };

const ACTIONS: Record<GroupState, AuditAction> = { ignored: "group.ignore", resolved: "group.resolve", open: "group.reopen" };

/** Sets a group aside until a moment; its dead letters stay. @throws NotFoundError; InvalidInputError for a moment that has passed. */
export async function ignoreGroup(ctx: ServiceContext, { fingerprint, until }: Wanted & { until: string }): Promise<DeadLetterGroup> {
  if (new Date(until) <= (await readClock(ctx.database.client))) {
    throw new InvalidInputError([{ path: "until", message: "must lie in the future." }]);
  }
  return steer(ctx, fingerprint, "ignored", new Date(until));
}

/** Says that a group's cause is mended; the next run that dies alike opens it again. @throws NotFoundError */
export const resolveGroup = (ctx: ServiceContext, { fingerprint }: Wanted): Promise<DeadLetterGroup> => steer(ctx, fingerprint, "resolved", null);

/** Takes either back. @throws NotFoundError */
export const reopenGroup = (ctx: ServiceContext, { fingerprint }: Wanted): Promise<DeadLetterGroup> => steer(ctx, fingerprint, "open", null);

async function steer(ctx: ServiceContext, fingerprint: string, state: GroupState, ignoredUntil: Date | null): Promise<DeadLetterGroup> {
  const { client } = ctx.database;
  await client.$transaction(async (tx) => {
    const [before] = await tx.$queryRaw<Pick<GroupRow, "state" | "ignoredUntil" | "script">[]>`
      SELECT state, ignored_until AS "ignoredUntil", script FROM dead_letter_group WHERE fingerprint = ${fingerprint} FOR UPDATE`;
    if (before === undefined) throw new NotFoundError("group", fingerprint);
    await tx.deadLetterGroup.updateMany({
      where: { fingerprint },
      data: { state, ignoredUntil, reopenedAt: null, changedAt: await readClock(tx), changedBy: ctx.actor.name },
    });
    await recordAudit(tx, ctx, {
      action: ACTIONS[state],
      target: { id: fingerprint, name: before.script },
      before: { state: before.state, ignoredUntil: before.ignoredUntil },
      after: { state, ignoredUntil },
    });
    await publish(tx, { kind: "dead-letter-groups" });
  });
  const { items } = await listGroups(ctx, { group: [fingerprint], limit: 1 });
  return items[0] ?? (await emptyGroup(ctx, fingerprint));
}

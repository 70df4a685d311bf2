import type { ServiceContext } from "../context.ts";
import type { DeadLetterGroup, GroupState } from "../contracts/dead-letters.ts";
import { readClock } from "../db/read-clock.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { emptyGroup, listGroups } from "./list-groups.ts";

type Wanted = { fingerprint: string };

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
    const { count } = await tx.deadLetterGroup.updateMany({
      where: { fingerprint },
      data: { state, ignoredUntil, reopenedAt: null, changedAt: await readClock(tx), changedBy: ctx.actor.name },
    });
    if (count === 0) throw new NotFoundError("group", fingerprint);
    await publish(tx, { kind: "dead-letter-groups" });
  });
  const { items } = await listGroups(ctx, { group: [fingerprint], limit: 1 });
  return items[0] ?? (await emptyGroup(ctx, fingerprint));
}

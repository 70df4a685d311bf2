import { recordAudit } from "../audit/record-audit.ts";
import { lockUser } from "../auth/access-links.ts";
import { endSessions } from "../auth/end-session.ts";
import type { ServiceContext } from "../context.ts";
import type { User } from "../contracts/access.ts";
import { readClock } from "../db/read-clock.ts";
import { ConflictError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { lockAdministrators, requireOtherAdministrator } from "./administrators.ts";
import { getUser } from "./list-users.ts";

/** @throws ConflictError for oneself: whoever does that by mistake can't take it back */
export function refuseSelf(ctx: ServiceContext, id: string): void {
  const self = ctx.actor.kind === "token" ? ctx.actor.ownerId : ctx.actor.id;
  if (self === id) throw new ConflictError("This is you. Ask another administrator.");
}

/**
 * Shuts somebody out until they are enabled again: their sessions end, their tokens count for nothing, a link that waits is gone. Asking twice changes nothing.
 * @throws NotFoundError; ConflictError for oneself, and for the last administrator
 */
export async function disableUser(ctx: ServiceContext, { id }: { id: string }): Promise<User> {
  refuseSelf(ctx, id);
  return ctx.database.client.$transaction(async (tx) => {
    const administrators = await lockAdministrators(tx);
    const before = await lockUser(tx, id);
    if (before.disabledAt === null) {
      requireOtherAdministrator(administrators, id);
      await tx.user.update({ where: { id }, data: { disabledAt: await readClock(tx) } });
      await tx.accessLink.deleteMany({ where: { userId: id } });
      const sessions = await endSessions(tx, { userId: id });
      await recordAudit(tx, ctx, { action: "user.disable", target: before, before: { disabled: false, sessions }, after: { disabled: true, sessions: 0 } });
      await publish(tx, { kind: "access" });
    }
    return getUser(tx, id);
  });
}

/** Lets somebody in again; likewise. @throws NotFoundError */
export async function enableUser(ctx: ServiceContext, { id }: { id: string }): Promise<User> {
  return ctx.database.client.$transaction(async (tx) => {
    const before = await lockUser(tx, id);
    if (before.disabledAt !== null) {
      await tx.user.update({ where: { id }, data: { disabledAt: null } });
      await recordAudit(tx, ctx, { action: "user.enable", target: before, before: { disabled: true }, after: { disabled: false } });
    }
    return getUser(tx, id);
  });
}

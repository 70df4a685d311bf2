import { recordAudit } from "../audit/record-audit.ts";
import { lockUser } from "../auth/access-links.ts";
import type { ServiceContext } from "../context.ts";
import { readClock } from "../db/read-clock.ts";
import { publish } from "../live/notices.ts";
import { lockAdministrators, requireOtherAdministrator } from "./administrators.ts";
import { refuseSelf } from "./disable-user.ts";

/**
 * Removes somebody for good, with their sessions; their tokens are revoked. What they did stays in their name, in runs and in the audit log.
 * @throws NotFoundError; ConflictError for oneself, and for the last administrator
 */
export async function removeUser(ctx: ServiceContext, { id }: { id: string }): Promise<{ id: string }> {
  refuseSelf(ctx, id);
  return ctx.database.client.$transaction(async (tx) => {
    const administrators = await lockAdministrators(tx);
    const before = await lockUser(tx, id);
    requireOtherAdministrator(administrators, id);
    const { count: tokens } = await tx.apiToken.updateMany({ where: { ownerId: id, revokedAt: null }, data: { revokedAt: await readClock(tx) } });
    // They stay in the list, as revoked; what is still somebody's goes with them.
    await tx.apiToken.updateMany({ where: { ownerId: id }, data: { ownerId: null } });
    await tx.user.delete({ where: { id } });
    await recordAudit(tx, ctx, { action: "user.remove", target: before, before: { email: before.email, role: before.role, tokens } });
    await publish(tx, { kind: "access" });
    return { id };
  });
}

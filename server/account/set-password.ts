import { recordAudit } from "../audit/record-audit.ts";
import { endSessions } from "../auth/end-session.ts";
import { hashPassword, storePassword } from "../auth/password.ts";
import type { ServiceContext } from "../context.ts";
import { personOf, requireCurrentPassword } from "./person.ts";

/**
 * Sets one's own password; the current one is wanted, where there is one. Every other session ends.
 * @throws InvalidInputError for a wrong current password; TooManyRequestsError
 */
export async function setPassword(
  ctx: ServiceContext,
  { currentPassword, newPassword }: { currentPassword?: string | undefined; newPassword: string },
): Promise<{ ended: number }> {
  const { id, sessionId } = personOf(ctx);
  await requireCurrentPassword(ctx, currentPassword);
  const hash = await hashPassword(newPassword);
  return ctx.database.client.$transaction(async (tx) => {
    await storePassword(tx, id, hash);
    const ended = await endSessions(tx, { userId: id, id: { not: sessionId } });
    // A link that waits could undo it.
    await tx.accessLink.deleteMany({ where: { userId: id } });
    await recordAudit(tx, ctx, { action: "user.set-password", target: ctx.actor, after: { sessionsEnded: ended } });
    return { ended };
  });
}

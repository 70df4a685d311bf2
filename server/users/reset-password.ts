import { recordAudit } from "../audit/record-audit.ts";
import { issueAccessLink, lockUser } from "../auth/access-links.ts";
import type { ServiceContext } from "../context.ts";
import type { IssuedLink, LinkPurpose } from "../contracts/access.ts";
import { ConflictError } from "../errors.ts";

/**
 * Makes a link by which somebody sets a new password, once; for one who has not come in yet it is their invitation anew. The old password holds until then.
 * @throws NotFoundError; ConflictError for one who is disabled
 */
export async function resetPassword(ctx: ServiceContext, { id }: { id: string }): Promise<{ link: IssuedLink; purpose: LinkPurpose }> {
  return ctx.database.client.$transaction(async (tx) => {
    const user = await lockUser(tx, id);
    if (user.disabledAt !== null) throw new ConflictError(`${user.name} is disabled. Enable them first.`);
    const purpose: LinkPurpose = user.activatedAt === null ? "invitation" : "reset";
    const link = await issueAccessLink(tx, { userId: id, purpose, by: ctx.actor.name });
    await recordAudit(tx, ctx, { action: purpose === "reset" ? "user.reset-password" : "user.invite", target: user, after: { linkUntil: link.expiresAt } });
    return { link, purpose };
  });
}

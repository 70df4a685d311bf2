import { randomUUID } from "node:crypto";

import { recordAudit } from "../audit/record-audit.ts";
import { issueAccessLink } from "../auth/access-links.ts";
import type { ServiceContext } from "../context.ts";
import type { IssuedLink, User } from "../contracts/access.ts";
import type { Role } from "../contracts/statuses.ts";
import { InvalidInputError } from "../errors.ts";
import { getUser } from "./list-users.ts";

/**
 * Makes a user who may do nothing yet, and the link by which they come in: nothing is mailed, whoever invites hands it over.
 * @throws InvalidInputError for an address that somebody has
 */
export async function inviteUser(
  ctx: ServiceContext,
  { email, name, role }: { email: string; name?: string | undefined; role: Role },
): Promise<{ user: User; link: IssuedLink }> {
  return ctx.database.client.$transaction(async (tx) => {
    const id = randomUUID();
    const data = { id, email, name: name ?? email.split("@")[0] ?? email, role, updatedAt: new Date() };
    // Of two who invite the same address at once one is told so.
    const { count } = await tx.user.createMany({ data: [data], skipDuplicates: true });
    if (count === 0) throw new InvalidInputError([{ path: "email", message: "belongs to a user already; give them another role, or a reset link" }]);
    const link = await issueAccessLink(tx, { userId: id, purpose: "invitation", by: ctx.actor.name });
    await recordAudit(tx, ctx, { action: "user.invite", target: { id, name: data.name }, after: { email, role } });
    return { user: await getUser(tx, id), link };
  });
}

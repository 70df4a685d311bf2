import { recordAudit } from "../audit/record-audit.ts";
import { lockUser } from "../auth/access-links.ts";
import type { ServiceContext } from "../context.ts";
import type { User } from "../contracts/access.ts";
import { InvalidInputError } from "../errors.ts";
import { getUser } from "../users/list-users.ts";
import { personOf, requireCurrentPassword } from "./person.ts";

type Change = { name?: string | undefined; email?: string | undefined; currentPassword?: string | undefined };

/**
 * Changes one's own name or e-mail; the latter wants the current password, where there is one.
 * @throws InvalidInputError for an address that somebody else has, or a wrong password; TooManyRequestsError
 */
export async function updateAccount(ctx: ServiceContext, { name, email, currentPassword }: Change): Promise<User> {
  const { id } = personOf(ctx);
  const { client } = ctx.database;
  const known = await client.user.findUniqueOrThrow({ where: { id } });
  if (email !== undefined && email !== known.email) await requireCurrentPassword(ctx, currentPassword);
  return client.$transaction(async (tx) => {
    const before = await lockUser(tx, id);
    const data = { name: name ?? before.name, email: email ?? before.email };
    if (data.name === before.name && data.email === before.email) return getUser(tx, id);
    const { count } = await tx.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM "user" WHERE email = ${data.email} AND id <> ${id}`.then(([row]) => row ?? { count: 0 });
    if (count > 0) throw new InvalidInputError([{ path: "email", message: "belongs to another user" }]);
    await tx.user.update({ where: { id }, data });
    await recordAudit(tx, ctx, { action: "user.update", target: before, before: { name: before.name, email: before.email }, after: data });
    return getUser(tx, id);
  });
}

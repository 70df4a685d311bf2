import { recordAudit } from "../audit/record-audit.ts";
import { lockUser } from "../auth/access-links.ts";
import type { ServiceContext } from "../context.ts";
import type { User } from "../contracts/access.ts";
import type { Role } from "../contracts/statuses.ts";
import { publish } from "../live/notices.ts";
import { lockAdministrators, requireOtherAdministrator } from "./administrators.ts";
import { getUser } from "./list-users.ts";

/**
 * Gives somebody another role. It holds for their sessions and tokens from the next request on; streams are cut off to be asked for anew.
 * @throws NotFoundError; ConflictError for the last administrator
 */
export async function changeRole(ctx: ServiceContext, { id, role }: { id: string; role: Role }): Promise<User> {
  return ctx.database.client.$transaction(async (tx) => {
    const administrators = await lockAdministrators(tx);
    const before = await lockUser(tx, id);
    if (before.role !== role) {
      if (role !== "administrator") requireOtherAdministrator(administrators, id);
      await tx.user.update({ where: { id }, data: { role } });
      await recordAudit(tx, ctx, { action: "user.change-role", target: before, before: { role: before.role }, after: { role } });
      await publish(tx, { kind: "access" });
    }
    return getUser(tx, id);
  });
}

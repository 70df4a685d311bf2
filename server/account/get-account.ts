import type { ServiceContext } from "../context.ts";
import type { Session, User } from "../contracts/access.ts";
import { getUser } from "../users/list-users.ts";
import { readClock } from "../db/read-clock.ts";
import { personOf } from "./person.ts";

/** One's own user. @throws ServiceError (forbidden) for a token */
export const getAccount = (ctx: ServiceContext): Promise<User> => getUser(ctx.database.client, personOf(ctx).id);

/** Where one is signed in, the latest first. @throws ServiceError (forbidden) for a token */
export async function listSessions(ctx: ServiceContext): Promise<{ items: Session[] }> {
  const { id, sessionId } = personOf(ctx);
  const { client } = ctx.database;
  const rows = await client.session.findMany({ where: { userId: id, expiresAt: { gt: await readClock(client) } }, orderBy: { createdAt: "desc" } });
  return {
    items: rows.map((row) => ({
      id: row.id,
      current: row.id === sessionId,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      address: row.ipAddress === "" ? null : row.ipAddress,
      userAgent: row.userAgent === "" ? null : row.userAgent,
    })),
  };
}

import type { ServiceContext } from "../context.ts";
import type { User } from "../contracts/access.ts";
import type { Db } from "../db/client.ts";
import { readClock } from "../db/read-clock.ts";
import { NotFoundError } from "../errors.ts";
import { toUser, withAccess } from "./to-user.ts";

/** Everybody who may sign in, or could, in the order in which they came. */
export async function listUsers({ database: { client } }: ServiceContext): Promise<{ items: User[] }> {
  const now = await readClock(client);
  const rows = await client.user.findMany({ include: withAccess(now), orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
  return { items: rows.map((row) => toUser(row, now)) };
}

/** One of them. @throws NotFoundError */
export async function getUser(db: Db, id: string): Promise<User> {
  const now = await readClock(db);
  const row = await db.user.findUnique({ where: { id }, include: withAccess(now) });
  if (row === null) throw new NotFoundError("user", id);
  return toUser(row, now);
}

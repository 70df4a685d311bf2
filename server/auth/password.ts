import { randomUUID } from "node:crypto";

import type { Db } from "../db/client.ts";
import { database } from "../db/client.ts";
import { auth } from "./auth.ts";

/** Of better-auth's accounts the one that holds a password. */
export const BY_PASSWORD = { providerId: "credential" } as const;

/** A password as it is stored: scrypt, with a salt. Takes a while by design; do it outside a transaction. */
export async function hashPassword(password: string): Promise<string> {
  return (await auth().$context).password.hash(password);
}

/** Whether somebody's password is this one. Who has none takes as long to refuse. */
export async function isPassword(userId: string, password: string): Promise<boolean> {
  const context = await auth().$context;
  const account = await database().client.account.findFirst({ where: { userId, ...BY_PASSWORD } });
  const hash = account?.password ?? null;
  if (hash !== null) return context.password.verify({ hash, password });
  await context.password.hash(password);
  return false;
}

/** Whether somebody has a password at all. */
export const hasPassword = async (db: Db, userId: string): Promise<boolean> =>
  (await db.account.count({ where: { userId, ...BY_PASSWORD, password: { not: null } } })) > 0;

/** Puts a password's hash in place of whatever there was. */
export async function storePassword(tx: Db, userId: string, hash: string): Promise<void> {
  const { count } = await tx.account.updateMany({ where: { userId, ...BY_PASSWORD }, data: { password: hash } });
  if (count > 0) return;
  await tx.account.create({ data: { id: randomUUID(), userId, accountId: userId, ...BY_PASSWORD, password: hash } });
}

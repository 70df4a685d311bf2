import { createHash, randomBytes } from "node:crypto";

import { config } from "../config.ts";
import type { IssuedLink, LinkPurpose } from "../contracts/access.ts";
import type { Role } from "../contracts/statuses.ts";
import { database } from "../db/client.ts";
import type { Db, Transaction } from "../db/client.ts";
import { readClock } from "../db/read-clock.ts";
import { NotFoundError, ServiceError } from "../errors.ts";

const LIFETIME_MS: Record<LinkPurpose, number> = { invitation: 7 * 24 * 3_600_000, reset: 24 * 3_600_000 };

const hashOf = (secret: string) => createHash("sha256").update(secret).digest("hex");

/**
 * Makes the link by which somebody sets their password, once; it replaces an earlier one. Its secret stands behind the #: browsers don't
 * send that part, so it is in no log, and a program that looks at links ahead of people can't use it up.
 */
export async function issueAccessLink(tx: Transaction, { userId, purpose, by }: { userId: string; purpose: LinkPurpose; by: string }): Promise<IssuedLink> {
  const secret = randomBytes(32).toString("base64url");
  const expiresAt = new Date((await readClock(tx)).getTime() + LIFETIME_MS[purpose]);
  const data = { hash: hashOf(secret), purpose, createdBy: by, expiresAt };
  await tx.accessLink.upsert({ where: { userId }, create: { userId, ...data }, update: { ...data, createdAt: new Date() } });
  const url = new URL("/welcome", config().publicUrl);
  url.hash = `token=${secret}`;
  return { url: url.href, expiresAt: expiresAt.toISOString() };
}

/** What a link is for, as its page shows it. */
export type AccessLinkInfo = { purpose: LinkPurpose; email: string; name: string; role: Role; expiresAt: string };

const gone = () => new ServiceError("not_found", "This link no longer works: it was used, replaced, or its time is over. Ask an administrator for another.");

/** @throws ServiceError (not_found) for a link that was used, replaced or has expired */
export async function readAccessLink(secret: string): Promise<AccessLinkInfo> {
  const { client } = database();
  const link = await client.accessLink.findUnique({ where: { hash: hashOf(secret) }, include: { user: true } });
  if (link === null || link.expiresAt <= (await readClock(client)) || link.user.disabledAt !== null) throw gone();
  const { email, name, role } = link.user;
  return { purpose: link.purpose as LinkPurpose, email, name, role: role as Role, expiresAt: link.expiresAt.toISOString() };
}

/** Uses a link up. Of two at once one gets it. @throws ServiceError (not_found) */
export async function takeAccessLink(tx: Transaction, secret: string): Promise<{ userId: string; purpose: LinkPurpose }> {
  const [link] = await tx.$queryRaw<{ userId: string; purpose: LinkPurpose }[]>`
    DELETE FROM access_link WHERE hash = ${hashOf(secret)} AND expires_at > clock_timestamp() RETURNING user_id AS "userId", purpose`;
  if (link === undefined) throw gone();
  return link;
}

/** A user's row, held against every other change of it. @throws NotFoundError */
export async function lockUser(tx: Db, id: string) {
  await tx.$queryRaw`SELECT FROM "user" WHERE id = ${id} FOR UPDATE`;
  const user = await tx.user.findUnique({ where: { id }, include: { link: true } });
  if (user === null) throw new NotFoundError("user", id);
  return user;
}

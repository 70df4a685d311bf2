import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";

import type { Actor } from "../context.ts";
import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";
import { database } from "../db/client.ts";
import type { Database, Db } from "../db/client.ts";
import type { ApiToken } from "../db/generated/client.ts";
import { lowerRole } from "./roles.ts";

const LAST_USED_EVERY_MS = 60_000;
/** Enough to tell one from another, and far too little to guess the rest from. */
const START_LENGTH = 12;
const roleSchema = z.enum(ROLES);

const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

export type NewToken = { name: string; role: Role; expiresAt?: Date | null; createdBy?: string; ownerId?: string | null };

/** Makes a bearer token. Its secret is returned this once: only its hash is kept. */
export async function issueApiToken(
  db: Db,
  { name, role, expiresAt = null, createdBy = "Corral", ownerId = null }: NewToken,
): Promise<{ row: ApiToken; secret: string }> {
  // 256 random bits need no slow hash; the prefix lets secret scanners find a leaked one.
  const secret = `corral_${randomBytes(32).toString("base64url")}`;
  const row = await db.apiToken.create({ data: { name, role, hash: hashOf(secret), start: secret.slice(0, START_LENGTH), expiresAt, createdBy, ownerId } });
  return { row, secret };
}

/** Makes the administrator's token from CORRAL_BOOTSTRAP_TOKEN; one that exists, or was revoked, stays as it is. */
export async function ensureBootstrapToken(token: string, { client }: Pick<Database, "client"> = database()): Promise<void> {
  await client.apiToken.createMany({
    data: [{ name: "bootstrap token", role: "administrator", hash: hashOf(token) }],
    skipDuplicates: true,
  });
}

/** A token and its owner, in one statement: every request with a token asks. */
type KnownToken = Pick<ApiToken, "id" | "name" | "role" | "revokedAt" | "expiresAt" | "lastUsedAt" | "ownerId"> & {
  ownerRole: string | null;
  ownerMayAct: boolean;
};

/**
 * Who a bearer token stands for; null when it is unknown, revoked or expired, or its owner is gone or disabled. It never does
 * more than its owner may at that moment.
 */
export async function authenticateToken(
  token: string,
  { client, rows }: Pick<Database, "client" | "rows"> = database(),
  now = new Date(),
): Promise<Actor | null> {
  const [row] = await rows<KnownToken>(
    `SELECT token.id, token.name, token.role, revoked_at AS "revokedAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt", owner_id AS "ownerId",
       owner.role AS "ownerRole", owner.activated_at IS NOT NULL AND owner.disabled_at IS NULL AS "ownerMayAct"
     FROM api_token AS token LEFT JOIN "user" AS owner ON owner.id = owner_id WHERE hash = $1`,
    [hashOf(token)],
  );
  if (row === undefined || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)) return null;
  if (row.ownerId !== null && !row.ownerMayAct) return null;
  const before = new Date(now.getTime() - LAST_USED_EVERY_MS);
  if (row.lastUsedAt === null || row.lastUsedAt < before) {
    await client.apiToken.updateMany({ where: { id: row.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: before } }] }, data: { lastUsedAt: now } });
  }
  const own = roleSchema.parse(row.role);
  const role = row.ownerId === null ? own : lowerRole(own, roleSchema.parse(row.ownerRole));
  return { kind: "token", id: row.id, name: row.name, role, ownerId: row.ownerId };
}

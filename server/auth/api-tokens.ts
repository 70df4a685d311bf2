import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";

import type { Actor } from "../context.ts";
import { ROLES } from "../contracts/statuses.ts";
import type { Role } from "../contracts/statuses.ts";
import { database } from "../db/client.ts";
import type { Database } from "../db/client.ts";

const LAST_USED_EVERY_MS = 60_000;
const roleSchema = z.enum(ROLES);

const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

/** Makes a bearer token. The text is returned this once: only its hash is kept. */
export async function createApiToken(
  { name, role, expiresAt = null }: { name: string; role: Role; expiresAt?: Date | null },
  { client }: Pick<Database, "client"> = database(),
): Promise<string> {
  // 256 random bits need no slow hash; the prefix lets secret scanners find a leaked one.
  const token = `corral_${randomBytes(32).toString("base64url")}`;
  await client.apiToken.create({ data: { name, role, hash: hashOf(token), expiresAt } });
  return token;
}

/** Makes the administrator's token from CORRAL_BOOTSTRAP_TOKEN; one that exists, or was revoked, stays as it is. */
export async function ensureBootstrapToken(token: string, { client }: Pick<Database, "client"> = database()): Promise<void> {
  await client.apiToken.createMany({
    data: [{ name: "bootstrap token", role: "administrator", hash: hashOf(token) }],
    skipDuplicates: true,
  });
}

/** Who a bearer token stands for; null when it is unknown, revoked or expired. */
export async function authenticateToken(token: string, { client }: Pick<Database, "client"> = database(), now = new Date()): Promise<Actor | null> {
  const row = await client.apiToken.findUnique({ where: { hash: hashOf(token) } });
  if (row === null || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)) return null;
  const before = new Date(now.getTime() - LAST_USED_EVERY_MS);
  if (row.lastUsedAt === null || row.lastUsedAt < before) {
    await client.apiToken.updateMany({ where: { id: row.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: before } }] }, data: { lastUsedAt: now } });
  }
  return { kind: "token", id: row.id, name: row.name, role: roleSchema.parse(row.role) };
}

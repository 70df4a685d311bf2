import { lowerRole } from "../auth/roles.ts";
import type { Token } from "../contracts/access.ts";
import type { Role } from "../contracts/statuses.ts";
import type { Prisma } from "../db/generated/client.ts";

/** What of its owner a token is shown with. */
export const WITH_OWNER = { owner: { select: { disabledAt: true, role: true } } } as const satisfies Prisma.ApiTokenInclude;

type Row = Prisma.ApiTokenGetPayload<{ include: typeof WITH_OWNER }>;

function stateOf({ revokedAt, expiresAt, owner }: Row, now: Date): Token["state"] {
  if (revokedAt !== null) return "revoked";
  if (expiresAt !== null && expiresAt <= now) return "expired";
  return owner !== null && owner.disabledAt !== null ? "suspended" : "active";
}

/** A token's row as the contract shows it. @param now the database's time */
export function toToken(row: Row, now: Date): Token {
  const { owner } = row;
  const role = row.role as Role;
  return {
    id: row.id,
    name: row.name,
    role: owner === null ? role : lowerRole(role, owner.role as Role),
    state: stateOf(row, now),
    start: row.start,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}

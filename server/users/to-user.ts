import { BY_PASSWORD } from "../auth/password.ts";
import type { User } from "../contracts/access.ts";
import type { Role } from "../contracts/statuses.ts";
import type { Prisma } from "../db/generated/client.ts";

/** What of a user's other rows they are shown with: sessions that have not expired by `now`, whether there is a password, a link that waits. */
export const withAccess = (now: Date) =>
  ({
    sessions: { where: { expiresAt: { gt: now } }, orderBy: { createdAt: "desc" }, select: { createdAt: true } },
    accounts: { where: { ...BY_PASSWORD, password: { not: null } }, select: { id: true } },
    link: { select: { expiresAt: true } },
  }) as const satisfies Prisma.UserInclude;

type Row = Prisma.UserGetPayload<{ include: ReturnType<typeof withAccess> }>;

/** A user's row as the contract shows it. @param now the database's time */
export function toUser(row: Row, now: Date): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role as Role,
    state: row.disabledAt !== null ? "disabled" : row.activatedAt === null ? "invited" : "active",
    hasPassword: row.accounts.length > 0,
    createdAt: row.createdAt.toISOString(),
    lastSignInAt: row.sessions[0]?.createdAt.toISOString() ?? null,
    sessions: row.sessions.length,
    linkExpiresAt: row.link !== null && row.link.expiresAt > now ? row.link.expiresAt.toISOString() : null,
  };
}

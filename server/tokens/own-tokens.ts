import { hasRole } from "../auth/roles.ts";
import type { ServiceContext } from "../context.ts";
import type { Prisma } from "../db/generated/client.ts";

/** Whose token one makes: one's own, also by one's token; Corral's own make Corral's. */
export const ownerOf = ({ actor }: ServiceContext): string | null => (actor.kind === "user" ? actor.id : (actor.ownerId ?? null));

/** The tokens that somebody may see and revoke: an administrator all, anybody else their own. A token of Corral's owns none. */
export function visibleTokens(ctx: ServiceContext): Prisma.ApiTokenWhereInput {
  if (hasRole(ctx.actor.role, "administrator")) return {};
  const ownerId = ownerOf(ctx);
  return ownerId === null ? { id: ctx.actor.id } : { ownerId };
}

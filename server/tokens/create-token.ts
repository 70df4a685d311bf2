import { recordAudit } from "../audit/record-audit.ts";
import { issueApiToken } from "../auth/api-tokens.ts";
import { hasRole } from "../auth/roles.ts";
import type { ServiceContext } from "../context.ts";
import type { CreateToken, Token } from "../contracts/access.ts";
import { readClock } from "../db/read-clock.ts";
import { InvalidInputError, ServiceError } from "../errors.ts";
import { ownerOf } from "./own-tokens.ts";
import { toToken } from "./to-token.ts";

/**
 * Makes a token and shows its secret, this once. It may do no more than who makes it; a token that makes one has to be an
 * administrator's, and what it makes does not outlive it.
 * @throws InvalidInputError for a role above one's own, and for a moment that has passed or is too late; ServiceError (forbidden)
 */
export async function createToken(ctx: ServiceContext, { name, role, expiresAt }: CreateToken): Promise<Token & { secret: string }> {
  const { actor } = ctx;
  if (actor.kind === "token" && !hasRole(actor.role, "administrator")) {
    throw new ServiceError("forbidden", "Only an administrator's token may make tokens. Sign in with a browser.");
  }
  if (!hasRole(actor.role, role)) throw new InvalidInputError([{ path: "role", message: `must not be above your own, ${actor.role}` }]);
  return ctx.database.client.$transaction(async (tx) => {
    const now = await readClock(tx);
    const until = expiresAt === null || expiresAt === undefined ? null : new Date(expiresAt);
    if (until !== null && until <= now) throw new InvalidInputError([{ path: "expiresAt", message: "must lie in the future" }]);
    const maker = actor.kind === "token" ? await tx.apiToken.findUnique({ where: { id: actor.id } }) : null;
    if (maker !== null && maker.expiresAt !== null && (until === null || until > maker.expiresAt)) {
      throw new InvalidInputError([{ path: "expiresAt", message: `must not be after the token's that makes it, ${maker.expiresAt.toISOString()}` }]);
    }
    const { row, secret } = await issueApiToken(tx, { name, role, expiresAt: until, createdBy: actor.name, ownerId: ownerOf(ctx) });
    const token = toToken({ ...row, owner: null }, now);
    await recordAudit(tx, ctx, { action: "token.create", target: row, after: { role, expiresAt: token.expiresAt, start: token.start } });
    return { ...token, secret };
  });
}

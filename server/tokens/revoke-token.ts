import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { Token } from "../contracts/access.ts";
import { readClock } from "../db/read-clock.ts";
import { NotFoundError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { requireId } from "../runs/run-id.ts";
import { visibleTokens } from "./own-tokens.ts";
import { WITH_OWNER, toToken } from "./to-token.ts";

/** Makes a token count for nothing, from now on and for good. Asking twice changes nothing. @throws NotFoundError for none, and for another's */
export async function revokeToken(ctx: ServiceContext, { id }: { id: string }): Promise<Token> {
  requireId("token", id);
  return ctx.database.client.$transaction(async (tx) => {
    const now = await readClock(tx);
    const { count } = await tx.apiToken.updateMany({ where: { AND: [visibleTokens(ctx), { id, revokedAt: null }] }, data: { revokedAt: now } });
    const row = await tx.apiToken.findFirst({ where: { AND: [visibleTokens(ctx), { id }] }, include: WITH_OWNER });
    if (row === null) throw new NotFoundError("token", id);
    if (count > 0) {
      await recordAudit(tx, ctx, { action: "token.revoke", target: row, before: { role: row.role, start: row.start } });
      await publish(tx, { kind: "access" });
    }
    return toToken(row, now);
  });
}

import type { ServiceContext } from "../context.ts";
import type { Token } from "../contracts/access.ts";
import { readClock } from "../db/read-clock.ts";
import { visibleTokens } from "./own-tokens.ts";
import { WITH_OWNER, toToken } from "./to-token.ts";

/** Tokens, the newest first: an administrator sees all, anybody else their own. */
export async function listTokens(ctx: ServiceContext): Promise<{ items: Token[] }> {
  const { client } = ctx.database;
  const [rows, now] = await Promise.all([
    client.apiToken.findMany({ where: visibleTokens(ctx), include: WITH_OWNER, orderBy: { id: "desc" }, take: 500 }),
    readClock(client),
  ]);
  return { items: rows.map((row) => toToken(row, now)) };
}

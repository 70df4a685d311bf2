import { createTokenSchema, tokenIdSchema } from "../../contracts/access.ts";
import { createToken } from "../../tokens/create-token.ts";
import { listTokens } from "../../tokens/list-tokens.ts";
import { revokeToken } from "../../tokens/revoke-token.ts";
import { input } from "../input.ts";
import { router, viewerProcedure } from "../procedures.ts";

/** API tokens: one's own, for whatever one may oneself; an administrator's also everybody's. */
export const tokensRouter = router({
  list: viewerProcedure.query(({ ctx }) => listTokens(ctx)),
  create: viewerProcedure.input(input(createTokenSchema)).mutation(({ ctx, input: wanted }) => createToken(ctx, wanted)),
  revoke: viewerProcedure.input(input(tokenIdSchema)).mutation(({ ctx, input: wanted }) => revokeToken(ctx, wanted)),
});

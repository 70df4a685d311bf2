import { sessionIdSchema, setPasswordSchema, updateAccountSchema } from "../../contracts/access.ts";
import { endOtherSessions, endOwnSession } from "../../account/end-own-session.ts";
import { getAccount, listSessions } from "../../account/get-account.ts";
import { setPassword } from "../../account/set-password.ts";
import { updateAccount } from "../../account/update-account.ts";
import { input } from "../input.ts";
import { router, viewerProcedure } from "../procedures.ts";

/** What is one's own, whatever one's role: name, password, sessions. */
export const accountRouter = router({
  get: viewerProcedure.query(({ ctx }) => getAccount(ctx)),
  update: viewerProcedure.input(input(updateAccountSchema)).mutation(({ ctx, input: change }) => updateAccount(ctx, change)),
  setPassword: viewerProcedure.input(input(setPasswordSchema)).mutation(({ ctx, input: wanted }) => setPassword(ctx, wanted)),
  sessions: viewerProcedure.query(({ ctx }) => listSessions(ctx)),
  endSession: viewerProcedure.input(input(sessionIdSchema)).mutation(({ ctx, input: wanted }) => endOwnSession(ctx, wanted)),
  endOtherSessions: viewerProcedure.mutation(({ ctx }) => endOtherSessions(ctx)),
});

import { countSignIn, forgiveSignIn } from "../auth/sign-in-count.ts";
import { hasPassword, isPassword } from "../auth/password.ts";
import type { ServiceContext } from "../context.ts";
import { InvalidInputError, ServiceError, TooManyRequestsError } from "../errors.ts";

/** Who is signed in, and in which session. @throws ServiceError (forbidden) for a token, which has no account of its own */
export function personOf({ actor }: ServiceContext): { id: string; sessionId: string } {
  if (actor.kind !== "user" || actor.sessionId === undefined) throw new ServiceError("forbidden", "A token has no account. Sign in with a browser.");
  return { id: actor.id, sessionId: actor.sessionId };
}

/**
 * Makes sure that it is really them, where they have a password: a browser left open must not be enough to take an account over. Tries
 * are counted with those to sign in.
 * @throws InvalidInputError at `currentPassword`; TooManyRequestsError
 */
export async function requireCurrentPassword(ctx: ServiceContext, given: string | undefined): Promise<void> {
  const { id } = personOf(ctx);
  if (!(await hasPassword(ctx.database.client, id))) return;
  if (given === undefined || given === "") throw new InvalidInputError([{ path: "currentPassword", message: "is required" }]);
  const { email } = await ctx.database.client.user.findUniqueOrThrow({ where: { id }, select: { email: true } });
  const wanted = { email, address: ctx.origin?.address ?? null };
  const counted = await countSignIn(ctx.database, wanted);
  if (!counted.allowed) throw new TooManyRequestsError("Too many wrong passwords. Try again in a few minutes.", counted.retryAfterS);
  if (!(await isPassword(id, given))) throw new InvalidInputError([{ path: "currentPassword", message: "is wrong" }]);
  await forgiveSignIn(ctx.database, wanted);
}

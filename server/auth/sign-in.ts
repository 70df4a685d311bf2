import { nobody, recordAudit } from "../audit/record-audit.ts";
import type { Origin } from "../context.ts";
import { database } from "../db/client.ts";
import { ServiceError, TooManyRequestsError } from "../errors.ts";
import { ADDRESS_HEADER, auth } from "./auth.ts";
import { endPresentedSession } from "./end-session.ts";
import { countSignIn, forgiveSignIn } from "./sign-in-count.ts";

/** The headers of a request as better-auth may see them: with the address that we know, not one that the caller claims. */
export function signInHeaders(headers: Headers, { address }: Origin): Headers {
  const own = new Headers(headers);
  if (address === null) own.delete(ADDRESS_HEADER);
  else own.set(ADDRESS_HEADER, address);
  return own;
}

/**
 * Signs a browser in by e-mail and password and returns its cookies. Whoever has no account, no password or is disabled gets the same
 * answer after the same work as with a wrong password. The session is always a new one, and one that was presented ends.
 * @throws ServiceError (unauthenticated); TooManyRequestsError
 */
export async function signIn({ email, password }: { email: string; password: string }, headers: Headers, origin: Origin): Promise<string[]> {
  const db = database();
  const { client } = db;
  const wanted = { email, address: origin.address };
  const counted = await countSignIn(db, wanted);
  const failed = (reason: string) => recordAudit(client, { actor: nobody(email), origin }, { action: "session.sign-in-failed", after: { reason } });
  if (!counted.allowed) {
    // The block is told once; a flood of tries must not become one of entries.
    if (counted.begins) await failed("too many tries");
    throw new TooManyRequestsError(`Too many tries to sign in. Try again in ${minutes(counted.retryAfterS)}, or use a link.`, counted.retryAfterS);
  }
  const answer = await auth().api.signInEmail({ body: { email, password }, headers: signInHeaders(headers, origin), asResponse: true });
  if (answer.status >= 500) throw new Error(`Signing in could not be checked: ${answer.status}.`);
  if (!answer.ok) {
    await failed("wrong e-mail or password");
    throw new ServiceError("unauthenticated", "E-mail or password is wrong.");
  }
  await endPresentedSession(headers);
  await forgiveSignIn(db, wanted);
  const user = await client.user.findUniqueOrThrow({ where: { email: email.trim().toLowerCase() } });
  await recordSignIn(user, origin, "password");
  return answer.headers.getSetCookie();
}

/** Writes down who came in, and how. */
export async function recordSignIn(
  { id, name }: { id: string; name: string },
  origin: Origin,
  by: "password" | "link" | "invitation" | "reset",
): Promise<void> {
  await recordAudit(database().client, { actor: { kind: "user", id, name }, origin }, { action: "session.sign-in", target: { id, name }, after: { by } });
}

const minutes = (seconds: number) => (seconds <= 60 ? "a minute" : `${Math.ceil(seconds / 60)} minutes`);

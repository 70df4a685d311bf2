import { recordAudit } from "../audit/record-audit.ts";
import type { Origin } from "../context.ts";
import { database } from "../db/client.ts";
import { ServiceError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { lockUser, readAccessLink, takeAccessLink } from "./access-links.ts";
import { auth } from "./auth.ts";
import { endPresentedSession, endSessions } from "./end-session.ts";
import { hashPassword, storePassword } from "./password.ts";
import { recordSignIn, signInHeaders } from "./sign-in.ts";

/**
 * Sets the password of whoever an invitation or a reset is for, uses the link up, ends every session they had, and signs this browser in. Returns its cookies.
 * @throws ServiceError (not_found) for a link that no longer works
 */
export async function redeemAccessLink(
  { token, name, password }: { token: string; name?: string | undefined; password: string },
  headers: Headers,
  origin: Origin,
): Promise<string[]> {
  // Nobody may make us hash without a link.
  await readAccessLink(token);
  const hash = await hashPassword(password);
  const { user, purpose } = await database().client.$transaction(async (tx) => {
    const taken = await takeAccessLink(tx, token);
    const before = await lockUser(tx, taken.userId);
    if (before.disabledAt !== null) throw new ServiceError("forbidden", "This account is disabled. Ask an administrator.");
    await storePassword(tx, before.id, hash);
    await endSessions(tx, { userId: before.id });
    const changes = taken.purpose === "invitation" ? { name: name ?? before.name, activatedAt: new Date(), emailVerified: true } : {};
    const after = await tx.user.update({ where: { id: before.id }, data: changes });
    await recordAudit(
      tx,
      { actor: { kind: "user", id: after.id, name: after.name }, origin },
      { action: taken.purpose === "invitation" ? "user.accept" : "user.set-password", target: after, after: { by: taken.purpose } },
    );
    await publish(tx, { kind: "access" });
    return { user: after, purpose: taken.purpose };
  });
  const answer = await auth().api.signInEmail({ body: { email: user.email, password }, headers: signInHeaders(headers, origin), asResponse: true });
  if (!answer.ok) throw new Error(`Signing in after a link was used failed: ${answer.status}.`);
  await endPresentedSession(headers);
  await recordSignIn(user, origin, purpose);
  return answer.headers.getSetCookie();
}

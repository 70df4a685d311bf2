import { database } from "../db/client.ts";
import type { Db } from "../db/client.ts";
import { publish } from "../live/notices.ts";
import { SESSION_COOKIE, auth } from "./auth.ts";

/** Ends sessions; whoever streams with one is cut off when `db` commits. */
export async function endSessions(db: Db, where: { userId: string; id?: string | { not: string } }): Promise<number> {
  const { count } = await db.session.deleteMany({ where });
  if (count > 0) await publish(db, { kind: "access" });
  return count;
}

/**
 * Ends the session that a browser shows while it signs in anew: no session outlives a sign-in, whoever put its cookie there. Called
 * before the new cookie is the browser's.
 */
export async function endPresentedSession(headers: Headers): Promise<void> {
  if (headers.get("cookie")?.includes(SESSION_COOKIE) !== true) return;
  const found = await auth().api.getSession({ headers });
  if (found !== null) await endSessions(database().client, { userId: found.user.id, id: found.session.id });
}

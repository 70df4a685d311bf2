import { z } from "zod";

import type { Actor } from "../context.ts";
import { ROLES } from "../contracts/statuses.ts";
import { database } from "../db/client.ts";
import { SESSION_COOKIE, auth } from "./auth.ts";
import { authenticateToken } from "./api-tokens.ts";

const BEARER = /^Bearer +([\w.~+/=-]{16,512})$/i;
const roleSchema = z.enum(ROLES);

/** Who a request comes from: a bearer token, or a signed-in browser; null when neither holds. */
export async function authenticate(headers: Headers): Promise<Actor | null> {
  const authorization = headers.get("authorization");
  // A header that is there is meant: a bad token is not saved by a cookie beside it.
  if (authorization !== null) {
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? null : authenticateToken(token);
  }
  return headers.get("cookie")?.includes(SESSION_COOKIE) === true ? authenticateSession(headers) : null;
}

async function authenticateSession(headers: Headers): Promise<Actor | null> {
  try {
    // Both rows are read anew each time, so that a change of role, a removal or an ended session holds from the next request on.
    const found = await auth().api.getSession({ headers });
    if (found === null || (found.user.disabledAt ?? null) !== null) return null;
    const { id, name, role } = found.user;
    return { kind: "user", id, name, role: roleSchema.parse(role), sessionId: found.session.id };
  } catch (error) {
    // better-auth hides why it failed. When it is because the database is away, this says so in the database's words.
    await database().client.$queryRaw`SELECT 1`;
    throw error;
  }
}

import type { Actor } from "../context.ts";
import { authenticateToken } from "./api-tokens.ts";

const BEARER = /^Bearer +([\w.~+/=-]{16,512})$/i;

/** Who a request comes from: a bearer token, or a signed-in browser; null when neither holds. */
export async function authenticate(headers: Headers): Promise<Actor | null> {
  const authorization = headers.get("authorization");
  // A header that is there is meant: a bad token is not saved by a cookie beside it.
  if (authorization !== null) {
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? null : authenticateToken(token);
  }
  return null;
}

import { auth } from "../auth/auth.ts";
import { refusalOfBrowser } from "../auth/same-origin.ts";
import { LINK_PATH, redeemSignInLink } from "../auth/sign-in-link.ts";
import { NotFoundError, ServiceError } from "../errors.ts";
import { answering } from "./answer.ts";

/** better-auth answers far more than Corral offers; what is not named here does not exist. */
const OFFERED: ReadonlySet<string> = new Set(["POST /api/auth/sign-in/email", "POST /api/auth/sign-out", "POST /api/auth/change-password"]);

/** Answers /api/auth: signing in by password or one-time link, signing out, changing the password. */
export const handleAuth = answering(async (request) => {
  const refusal = refusalOfBrowser(request);
  if (refusal !== null) throw new ServiceError("forbidden", refusal);
  const { pathname } = new URL(request.url);
  if (request.method === "GET" && pathname === LINK_PATH) return redeemSignInLink(request);
  if (!OFFERED.has(`${request.method} ${pathname}`)) throw new NotFoundError("sign-in address", pathname);
  return auth().handler(request);
});

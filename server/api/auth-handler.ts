import type { z } from "zod";

import { recordAudit } from "../audit/record-audit.ts";
import { readAccessLink } from "../auth/access-links.ts";
import { auth } from "../auth/auth.ts";
import { authenticate } from "../auth/authenticate.ts";
import { clientAddress } from "../auth/client-address.ts";
import { redeemAccessLink } from "../auth/redeem-link.ts";
import { refusalOfBrowser } from "../auth/same-origin.ts";
import { LINK_PATH, redeemSignInLink } from "../auth/sign-in-link.ts";
import { signIn } from "../auth/sign-in.ts";
import type { Origin } from "../context.ts";
import { readLinkSchema, redeemLinkSchema, signInSchema } from "../contracts/access.ts";
import { database } from "../db/client.ts";
import { NotFoundError, ServiceError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { answering } from "./answer.ts";
import { RequestRefused } from "./failure.ts";
import { input } from "./input.ts";
import { readBytes } from "./read-bytes.ts";

const BODY_MAX_BYTES = 16 * 1024;

/** What is answered; better-auth itself answers far more than Corral offers, and none of that is reachable. */
const OFFERED: Record<string, (request: Request, origin: Origin) => Promise<Response>> = {
  [`GET ${LINK_PATH}`]: redeemSignInLink,
  "POST /api/auth/sign-in/email": async (request, origin) => signedIn(await signIn(await readBody(request, signInSchema), request.headers, origin)),
  "POST /api/auth/sign-out": signOut,
  "POST /api/auth/links/read": async (request) => Response.json(await readAccessLink((await readBody(request, readLinkSchema)).token), NO_STORE),
  "POST /api/auth/links/redeem": async (request, origin) =>
    signedIn(await redeemAccessLink(await readBody(request, redeemLinkSchema), request.headers, origin)),
};

const NO_STORE = { headers: { "cache-control": "no-store" } };

/** Answers /api/auth: the only addresses besides health that are for people who are not signed in. */
export const handleAuth = answering(async (request, requestId) => {
  const refusal = refusalOfBrowser(request);
  if (refusal !== null) throw new ServiceError("forbidden", refusal);
  const { pathname } = new URL(request.url);
  const answer = OFFERED[`${request.method} ${pathname}`];
  if (answer === undefined) throw new NotFoundError("sign-in address", pathname);
  return answer(request, { requestId, address: clientAddress(request.headers) });
});

/** The session is in the cookies alone: no script ever holds it. */
function signedIn(cookies: string[]): Response {
  const response = Response.json({ signedIn: true }, NO_STORE);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

async function signOut(request: Request, origin: Origin): Promise<Response> {
  const actor = await authenticate(request.headers);
  const answer = await auth().api.signOut({ headers: request.headers, asResponse: true });
  if (actor?.kind === "user") {
    await recordAudit(database().client, { actor, origin }, { action: "session.sign-out", target: actor });
    await publish(database().client, { kind: "access" });
  }
  return answer;
}

async function readBody<T extends z.ZodType>(request: Request, schema: T): Promise<z.output<T>> {
  if (!/^application\/json(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new RequestRefused("unsupported_media_type", "Send the body as JSON, with Content-Type: application/json.");
  }
  const bytes = await readBytes(request, BODY_MAX_BYTES);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // The parser quotes what it read, and that may be a password.
    throw new RequestRefused("bad_request", "The body is not valid JSON.");
  }
  return input(schema).parse(body);
}

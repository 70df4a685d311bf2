import { config } from "../config.ts";
import type { Origin } from "../context.ts";
import { auth } from "./auth.ts";
import type { LinkRequest } from "./auth.ts";
import { endPresentedSession } from "./end-session.ts";
import { ensureFirstAdministrator } from "./first-administrator.ts";
import { recordSignIn, signInHeaders } from "./sign-in.ts";

/** Where a link leads; answered by redeemSignInLink. */
export const LINK_PATH = "/api/auth/link";

/** A link that signs the administrator in once, within an hour. Only its token's hash is kept. */
export async function createSignInLink(): Promise<string> {
  const email = await ensureFirstAdministrator();
  let received: string | null = null;
  const request: LinkRequest = { receive: (token) => void (received = token) };
  await auth().api.signInMagicLink({ body: { email, metadata: request }, headers: new Headers() });
  if (received === null) throw new Error("The sign-in link was not made.");
  const url = new URL(LINK_PATH, config().publicUrl);
  url.searchParams.set("token", received);
  return url.href;
}

/** Signs the browser in by a link's token and sends it to the runs; to /sign-in when the link was used or has expired. */
export async function redeemSignInLink(request: Request, origin: Origin): Promise<Response> {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const answer = await auth().api.magicLinkVerify({ query: { token }, headers: signInHeaders(request.headers, origin), asResponse: true });
  if (answer.status >= 500) throw new Error(`The sign-in link could not be checked: ${answer.status}.`);
  if (answer.ok) {
    await endPresentedSession(request.headers);
    const { user } = (await answer.clone().json()) as { user: { id: string; name: string } };
    await recordSignIn(user, origin, "link");
  }
  // Relative, so that the browser stays with the name it came by: the cookie is that name's.
  const headers = new Headers({ location: answer.ok ? "/runs" : "/sign-in?error=link", "cache-control": "no-store" });
  if (answer.ok) for (const cookie of answer.headers.getSetCookie()) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

import { NextResponse } from "next/server";
import type { NextRequest } from "next/server";

import { securePage } from "#server/api/page-security.ts";

/** The session cookie's name, with and without the prefix that HTTPS gives it. */
const SESSION_COOKIES = ["corral.session_token", "__Secure-corral.session_token"];
/** Pages for who is not signed in. */
const OPEN_PAGES: ReadonlySet<string> = new Set(["/sign-in", "/welcome"]);

/**
 * Before every page: refuses names that are not Corral's, gives the page its policy and nonce, and sends a browser without a session cookie
 * to sign in, and back afterwards. Only the cookie's presence is looked at here; layouts and procedures check the session itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const { refusal, nonce, headers } = securePage(request.headers);
  if (refusal !== null) return new NextResponse(refusal, { status: 403, headers: { ...headers, "content-type": "text/plain; charset=utf-8" } });
  const isOpen = OPEN_PAGES.has(request.nextUrl.pathname) || SESSION_COOKIES.some((name) => request.cookies.has(name));
  const response = isOpen ? NextResponse.next({ request: { headers: withNonce(request, nonce, headers) } }) : NextResponse.redirect(signInUrl(request));
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Next.js reads the nonce for its own scripts out of the policy that the request seems to have. */
function withNonce(request: NextRequest, nonce: string, headers: Record<string, string>): Headers {
  const forwarded = new Headers(request.headers);
  forwarded.set("x-nonce", nonce);
  forwarded.set("content-security-policy", headers["content-security-policy"] ?? "");
  return forwarded;
}

function signInUrl(request: NextRequest): URL {
  const url = request.nextUrl.clone();
  const wanted = request.nextUrl.pathname + request.nextUrl.search;
  url.pathname = "/sign-in";
  url.search = wanted === "/" ? "" : `?next=${encodeURIComponent(wanted)}`;
  return url;
}

// Everything but the route handlers (which answer 401 themselves) and static files.
export const config = { matcher: ["/((?!api/|metrics$|_next/|icon\\.svg$|favicon\\.ico$).*)"] };

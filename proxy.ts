import { NextResponse } from "next/server";
import type { NextRequest } from "next/server";

/** The session cookie's name, with and without the prefix that HTTPS gives it. */
const SESSION_COOKIES = ["corral.session_token", "__Secure-corral.session_token"];

/**
 * Sends a browser without a session cookie to sign in, and back afterwards. Only the cookie's presence is looked at
 * here; layouts and procedures check the session itself.
 */
export function proxy(request: NextRequest): NextResponse {
  if (SESSION_COOKIES.some((name) => request.cookies.has(name))) return NextResponse.next();
  const url = request.nextUrl.clone();
  const wanted = request.nextUrl.pathname + request.nextUrl.search;
  url.pathname = "/sign-in";
  url.search = wanted === "/" ? "" : `?next=${encodeURIComponent(wanted)}`;
  return NextResponse.redirect(url);
}

// Everything but sign-in itself, the route handlers (which answer 401 themselves) and static files.
export const config = { matcher: ["/((?!api/|sign-in$|metrics$|_next/|icon\\.svg$|favicon\\.ico$).*)"] };

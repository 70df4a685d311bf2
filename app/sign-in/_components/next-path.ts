const NOWHERE = "http://nowhere.invalid";

/** Where to go after signing in: a path of Corral's own, never another site's, and not back here. */
export function nextPath(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith("/") || !URL.canParse(wanted, NOWHERE)) return "/runs";
  const url = new URL(wanted, NOWHERE);
  if (url.origin !== NOWHERE || url.pathname === "/sign-in" || url.pathname.startsWith("/api/")) return "/runs";
  return `${url.pathname}${url.search}${url.hash}`;
}

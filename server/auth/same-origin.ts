import { config } from "../config.ts";

/** Addresses to listen on, not to be called by. */
const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]"]);

const hostnameOf = (host: string): string | null => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null);

function trustedHostnames(): Set<string> {
  const { publicUrl, host, allowedHosts } = config();
  const bracketed = host.includes(":") ? `[${host}]` : host;
  const allowed = allowedHosts.flatMap((name) => hostnameOf(name) ?? []);
  return new Set(["localhost", "127.0.0.1", "[::1]", new URL(publicUrl).hostname, ...allowed, ...(WILDCARDS.has(host) ? [] : [bracketed])]);
}

/**
 * Whether Corral is known by the name in this Host header. A page of another site whose name was made to point at this
 * machine (DNS rebinding) shows its own name.
 */
export function isTrustedHost(host: string): boolean {
  const hostname = hostnameOf(host);
  return hostname !== null && trustedHostnames().has(hostname);
}

/** Why a request that calls Corral by this name is not answered, on any transport; null when it is. */
export function refusalOfHost(host: string | null): string | null {
  if (host !== null && isTrustedHost(host)) return null;
  const name = JSON.stringify((host ?? "").slice(0, 100));
  return `Corral is not known by the name ${name}. Set CORRAL_PUBLIC_URL to the address that people use, or add the name to CORRAL_ALLOWED_HOSTS.`;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Of a browser's own request to where it is; a link from elsewhere is a navigation. */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

/** Why a request with a browser's cookie must not count, or null: another host, or what another site asks for. */
export function refusalOfBrowser({ method, headers }: Pick<Request, "method" | "headers">): string | null {
  const host = headers.get("host");
  const misnamed = refusalOfHost(host);
  if (misnamed !== null) return misnamed;
  const site = headers.get("sec-fetch-site");
  if (site !== null && !OWN_SITES.has(site) && headers.get("sec-fetch-mode") !== "navigate") return "Corral answers its own pages only, or a token.";
  if (SAFE_METHODS.has(method)) return null;
  const origin = headers.get("origin");
  const own = origin !== null && URL.canParse(origin) && (new URL(origin).host === host?.toLowerCase() || origin === new URL(config().publicUrl).origin);
  return own ? null : "A change must come from Corral's own pages, or with a token.";
}

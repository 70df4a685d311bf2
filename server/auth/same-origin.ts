import { config } from "../config.ts";

/** Addresses to listen on, not to be called by. */
const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]"]);

const hostnameOf = (host: string): string | null => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null);

function trustedHostnames(): Set<string> {
  const { publicUrl, host } = config();
  const bracketed = host.includes(":") ? `[${host}]` : host;
  return new Set(["localhost", "127.0.0.1", "[::1]", new URL(publicUrl).hostname, ...(WILDCARDS.has(host) ? [] : [bracketed])]);
}

/**
 * Whether a browser that shows this Host may use its cookie here. A page of another site whose name was made to point
 * at this machine (DNS rebinding) shows its own name.
 */
export function isTrustedHost(host: string): boolean {
  const hostname = hostnameOf(host);
  return hostname !== null && trustedHostnames().has(hostname);
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Why a request from a browser must not count, or null: another host, or a change that another site asks for. */
export function refusalOfBrowser({ method, headers }: Pick<Request, "method" | "headers">): string | null {
  const host = headers.get("host");
  if (host === null || !isTrustedHost(host)) {
    return `Corral is not known by the name ${JSON.stringify(host ?? "")}. Set CORRAL_PUBLIC_URL to the address that people use.`;
  }
  if (SAFE_METHODS.has(method)) return null;
  const origin = headers.get("origin");
  const own = origin !== null && URL.canParse(origin) && (new URL(origin).host === host || origin === new URL(config().publicUrl).origin);
  return own ? null : "A change must come from Corral's own pages, or with a token.";
}

import { randomBytes } from "node:crypto";

import { refusalOfHost } from "../auth/same-origin.ts";
import { config } from "../config.ts";

/**
 * What a page may load and run, said anew for each answer: scripts that carry this answer's nonce, and what those load; nothing that stands in
 * the page itself, so that a name or an output that got into it as markup does nothing. Styles may be inline: components set sizes and positions.
 */
export function contentSecurityPolicy(nonce: string): string {
  const { development } = config();
  return [
    "default-src 'none'",
    // The development server evaluates code, and keeps a socket open.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

const HSTS = "max-age=31536000; includeSubDomains";

/** Whether the browser came by HTTPS: to us, or to the proxy in front. */
const isSecure = (headers: Headers) => config().publicUrl.startsWith("https:") || headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";

export type PageSecurity =
  /** The sentence to refuse with. */
  { refusal: string; nonce: null; headers: Record<string, string> } | { refusal: null; nonce: string; headers: Record<string, string> };

/** How a page is answered: not at all by a name that is not Corral's, else with a policy and its nonce. */
export function securePage(headers: Headers): PageSecurity {
  const transport: Record<string, string> = isSecure(headers) ? { "strict-transport-security": HSTS } : {};
  const refusal = refusalOfHost(headers.get("host"));
  if (refusal !== null) return { refusal, nonce: null, headers: { ...transport, "content-security-policy": "default-src 'none'; frame-ancestors 'none'" } };
  const nonce = randomBytes(16).toString("base64");
  return { refusal: null, nonce, headers: { ...transport, "content-security-policy": contentSecurityPolicy(nonce) } };
}

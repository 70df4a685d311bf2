import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

import { config } from "../config.ts";

// Route handlers see headers alone, and those are the caller's to choose. The address of the connection is therefore put into
// one whose name nobody outside can know.
const holder = globalThis as typeof globalThis & { corralPeerHeader?: string };

/** Notes the address that each request of this process comes from. Called once, before the first. */
export function notePeerAddresses(): void {
  if (holder.corralPeerHeader !== undefined) return;
  const name = `x-corral-peer-${randomBytes(16).toString("hex")}`;
  holder.corralPeerHeader = name;
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const { remoteAddress } = request.socket;
    if (remoteAddress !== undefined) request.headers[name] = remoteAddress;
  });
}

/**
 * The address that a request comes from; null where it is not known. Behind proxies (CORRAL_TRUSTED_PROXIES) it is what the
 * outermost of them was called from; what stands further left in X-Forwarded-For anybody may have written.
 */
export function clientAddress(headers: Headers, proxies = config().trustedProxies): string | null {
  const peer = holder.corralPeerHeader === undefined ? null : plain(headers.get(holder.corralPeerHeader));
  if (proxies === 0) return peer;
  const chain = (headers.get("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  return plain(chain.at(-proxies) ?? null) ?? peer;
}

/** IPv4 that came in over an IPv6 socket, as IPv4; null for what is no address. */
function plain(address: string | null): string | null {
  const text = address?.replace(/^::ffff:(?=\d+\.)/, "") ?? "";
  return isIP(text) === 0 ? null : text;
}

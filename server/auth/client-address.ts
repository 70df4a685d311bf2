import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

import { config } from "../config.ts";

// Pages and handlers see headers alone, and those are the caller's to choose. The address of the connection is therefore put into
// one whose name nobody outside can know. Pages have a copy of each module in their bundle; the name belongs to the process.
const holder = globalThis as typeof globalThis & { corralPeerHeader?: string };

/** Notes the address that a request comes from, before anybody looks at it. */
export function notePeerAddress(request: IncomingMessage): void {
  const name = (holder.corralPeerHeader ??= `x-corral-peer-${randomBytes(16).toString("hex")}`);
  const { remoteAddress } = request.socket;
  if (remoteAddress === undefined) return;
  request.headers[name] = remoteAddress;
  // For who reads the headers as they came.
  request.rawHeaders.push(name, remoteAddress);
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

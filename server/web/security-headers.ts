import type { ServerResponse } from "node:http";

/** Everything that is answered. */
const FOR_ALL = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Answers that are no pages: nothing in them is ever to be run or framed, whatever a browser takes them for. Pages get their policy in proxy.ts. */
const FOR_DATA = { ...FOR_ALL, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'" };

/** Sets what an answer says to browsers besides its content, before anything else is set on it. */
export function setSecurityHeaders(response: ServerResponse, { isPage }: { isPage: boolean }): void {
  for (const [name, value] of Object.entries(isPage ? FOR_ALL : FOR_DATA)) response.setHeader(name, value);
}

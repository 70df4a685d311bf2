import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { magicLink } from "better-auth/plugins/magic-link";

import { config } from "../config.ts";
import { database } from "../db/client.ts";
import type { Database } from "../db/client.ts";
import { log } from "../log.ts";
import { isTrustedHost } from "./same-origin.ts";

const COOKIE_PREFIX = "corral";
/** The session cookie's name; over HTTPS it has a prefix. */
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;

const LINK_LIFETIME_S = 60 * 60;
const SESSION_LIFETIME_S = 30 * 24 * 3600;

/** Whoever asks for a link hands over a function to receive its token: nothing is mailed. */
export type LinkRequest = { receive: (token: string) => void };

function createAuth({ client }: Pick<Database, "client">) {
  const { authSecret, publicUrl } = config();
  if (authSecret === null) {
    throw new Error(
      "CORRAL_AUTH_SECRET is not set. `npm start` makes one in the data directory; where you start the web process yourself, set it to at least 32 random characters, the same on every host.",
    );
  }
  return betterAuth({
    appName: "Corral",
    secret: authSecret,
    baseURL: publicUrl,
    basePath: "/api/auth",
    database: prismaAdapter(client, { provider: "postgresql" }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    // Never accepted from a request: only Corral itself gives a role.
    user: { additionalFields: { role: { type: "string", input: false, defaultValue: "viewer" } } },
    // The cookie lives exactly as long as its row, so there is nothing to renew on reads.
    session: { expiresIn: SESSION_LIFETIME_S, disableSessionRefresh: true },
    plugins: [
      magicLink({
        expiresIn: LINK_LIFETIME_S,
        disableSignUp: true,
        storeToken: "hashed",
        sendMagicLink: ({ token, metadata }) => (metadata as LinkRequest).receive(token),
      }),
    ],
    // A browser may have come by another name for this host than the public URL: http://127.0.0.1 for localhost.
    trustedOrigins: (request) => {
      const host = request?.headers.get("host") ?? null;
      return host !== null && isTrustedHost(host) ? [`http://${host}`, `https://${host}`] : [];
    },
    advanced: { cookiePrefix: COOKIE_PREFIX, defaultCookieAttributes: { httpOnly: true, sameSite: "lax" } },
    rateLimit: { enabled: true, customRules: { "/sign-in/email": { window: 60, max: 10 } } },
    telemetry: { enabled: false },
    logger: { log: (level, message, ...details) => log[level === "error" ? "warn" : "debug"]({ details: details.map(String) }, `sign-in: ${message}`) },
  });
}

const holder = globalThis as typeof globalThis & { corralAuth?: ReturnType<typeof createAuth> };

/** The process's sign-in, made at first use. @throws when no secret is set. */
export function auth(): ReturnType<typeof createAuth> {
  holder.corralAuth ??= createAuth(database());
  return holder.corralAuth;
}

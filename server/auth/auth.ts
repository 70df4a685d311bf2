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

/** Where better-auth finds the address that a session was begun from: written by us, over whatever the caller sent. */
export const ADDRESS_HEADER = "x-corral-address";

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
    user: {
      additionalFields: {
        role: { type: "string", input: false, defaultValue: "viewer" },
        activatedAt: { type: "date", input: false, required: false },
        disabledAt: { type: "date", input: false, required: false },
      },
    },
    databaseHooks: {
      session: {
        create: {
          // The last door, whichever way somebody came: one who may not sign in gets no session.
          before: async ({ userId }) => {
            const may = await client.user.count({ where: { id: userId, disabledAt: null, activatedAt: { not: null } } });
            return may === 0 ? false : undefined;
          },
        },
      },
    },
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
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    // Counted in the database instead, over all processes, before a password is compared: sign-in-count.ts.
    rateLimit: { enabled: false },
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

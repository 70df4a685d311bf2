import { z } from "zod";

import { ROLES } from "./statuses.ts";
import { idTextSchema, textSchema } from "./text.ts";

const timestamp = z.iso.datetime();
const role = z.enum(ROLES, `must be one of ${ROLES.join(", ")}`);
const noControl = (text: string) => !/[\u0000-\u001f\u007f]/.test(text);

const nameSchema = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(100, "must be at most 100 characters")
  .refine(noControl, "must not contain control characters");
const emailSchema = z.string().trim().toLowerCase().max(254, "must be at most 254 characters").pipe(z.email("must be an e-mail address"));

/** Bounds of a password; no rule about its characters, which only makes people choose worse ones. */
export const PASSWORD = { min: 12, max: 256 } as const;
const passwordSchema = z
  .string()
  .min(PASSWORD.min, `must be at least ${PASSWORD.min} characters`)
  .max(PASSWORD.max, `must be at most ${PASSWORD.max} characters`);

export const USER_STATES = ["active", "invited", "disabled"] as const;

export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  state: z.enum(USER_STATES),
  hasPassword: z.boolean(),
  createdAt: timestamp,
  lastSignInAt: timestamp.nullable().describe("Of the sessions that still are"),
  sessions: z.int().describe("Signed in so often now"),
  linkExpiresAt: timestamp.nullable().describe("An invitation or a reset waits until then"),
});
export type User = z.infer<typeof userSchema>;

export const userIdSchema = z.strictObject({ id: idTextSchema });
export const inviteUserSchema = z.strictObject({ email: emailSchema, name: nameSchema.optional(), role });
export const changeRoleSchema = userIdSchema.extend({ role });

/** A link as it is shown, this once. */
export type IssuedLink = { url: string; expiresAt: string };

export const LINK_PURPOSES = ["invitation", "reset"] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

const linkSecret = textSchema.min(20, "is not a link's secret").max(200, "is not a link's secret");
export const readLinkSchema = z.strictObject({ token: linkSecret });
export const redeemLinkSchema = z.strictObject({ token: linkSecret, name: nameSchema.optional(), password: passwordSchema });

export const signInSchema = z.strictObject({ email: textSchema.max(254), password: z.string().max(1024) });

export const updateAccountSchema = z.strictObject({
  name: nameSchema.optional(),
  email: emailSchema.optional(),
  currentPassword: z.string().max(1024).optional(),
});
export const setPasswordSchema = z.strictObject({ currentPassword: z.string().max(1024).optional(), newPassword: passwordSchema });

export const sessionIdSchema = z.strictObject({ id: idTextSchema });

export const sessionSchema = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: timestamp,
  expiresAt: timestamp,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type Session = z.infer<typeof sessionSchema>;

/** `suspended`: its owner is disabled. */
export const TOKEN_STATES = ["active", "expired", "revoked", "suspended"] as const;

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: role.describe("What it may do now: never more than its owner"),
  state: z.enum(TOKEN_STATES),
  start: z.string().describe("How its secret begins"),
  createdAt: timestamp,
  createdBy: z.string(),
  expiresAt: timestamp.nullable(),
  lastUsedAt: timestamp.nullable().describe("To the minute"),
});
export type Token = z.infer<typeof tokenSchema>;

export const createTokenSchema = z.strictObject({
  name: nameSchema,
  role,
  expiresAt: timestamp.nullable().optional().describe("Null or left out: it does not expire"),
});
export type CreateToken = z.infer<typeof createTokenSchema>;

/** A token with its secret, which is shown this once. */
export const createdTokenSchema = tokenSchema.extend({ secret: z.string() });

export const tokenIdSchema = z.strictObject({ id: idTextSchema });

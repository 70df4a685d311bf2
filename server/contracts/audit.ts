import { z } from "zod";

import { pageSchema } from "./runs.ts";
import { momentSchema, textSchema } from "./text.ts";

/**
 * Everything that an audit entry can tell of. Submitting is not among them: a run's own row says who submitted what and when, and
 * an entry for each would be a second row in the busiest transaction there is. Being queued again stands here and in the run.
 */
export const AUDIT_ACTIONS = [
  "settings.update",
  "lane.pause",
  "lane.resume",
  "worker.drain",
  "worker.resume",
  "run.cancel",
  "run.retry",
  "run.retry-now",
  "dead-letters.retry",
  "dead-letters.discard",
  "bulk-operation.pause",
  "bulk-operation.resume",
  "bulk-operation.abort",
  "group.ignore",
  "group.resolve",
  "group.reopen",
  "session.sign-in",
  "session.sign-in-failed",
  "session.sign-out",
  "session.end",
  "user.invite",
  "user.accept",
  "user.change-role",
  "user.disable",
  "user.enable",
  "user.remove",
  "user.reset-password",
  "user.update",
  "user.set-password",
  "token.create",
  "token.revoke",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const ACTOR_KINDS = ["user", "token", "system", "nobody"] as const;

export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.object({ kind: z.enum(ACTOR_KINDS), id: z.string(), name: z.string() }).describe("nobody: who could not sign in"),
  action: z.string(),
  target: z.object({ id: z.string().nullable(), name: z.string().nullable() }).nullable(),
  changes: z
    .array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .describe("What was otherwise before; secrets are never in it"),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const NOUNS = [...new Set(AUDIT_ACTIONS.map((action) => action.slice(0, action.indexOf("."))))] as [string, ...string[]];

export const listAuditSchema = pageSchema.extend({
  noun: z
    .enum(NOUNS, `must be one of ${NOUNS.join(", ")}`)
    .optional()
    .describe("Only what happened to such: settings, user, token, …"),
  actor: textSchema.max(200).optional().describe("Part of who did it"),
  target: textSchema.max(200).optional().describe("The id, or part of the name, of what it happened to"),
  from: momentSchema.optional().describe("At or after"),
  to: momentSchema.optional().describe("Before"),
});
export type ListAudit = z.infer<typeof listAuditSchema>;

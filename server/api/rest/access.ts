import { z } from "@hono/zod-openapi";

import { createTokenSchema, createdTokenSchema, tokenSchema } from "../../contracts/access.ts";
import { auditEntrySchema, listAuditSchema } from "../../contracts/audit.ts";
import type { RestApp } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { readBody, readQuery } from "./read-request.ts";
import { IdParameter, json, pageOf, problems } from "./schemas.ts";

const Token = tokenSchema.meta({ id: "Token" });
const CreatedToken = createdTokenSchema.meta({ id: "CreatedToken" });
const AuditEntry = auditEntrySchema.meta({ id: "AuditEntry" });

/** /tokens and /audit. Users are invited and removed by people, in the dashboard. */
export function serveAccess(app: RestApp): void {
  serve(app, {
    method: "get",
    role: "viewer",
    path: "/tokens",
    summary: "List API tokens, the newest first: an administrator's token sees all, any other its owner's",
    responses: { 200: { description: "Without their secrets.", content: json(z.object({ items: z.array(Token) })) }, ...problems() },
    handle: async (c) => c.json(await c.var.caller.tokens.list()),
  });

  serve(app, {
    method: "post",
    role: "administrator",
    path: "/tokens",
    summary: "Make an API token",
    request: { body: { required: true, content: json(createTokenSchema) } },
    responses: { 201: { description: "With its secret, this once.", content: json(CreatedToken) }, ...problems(400, 413, 415) },
    handle: async (c) => c.json(await call(c.var.caller.tokens.create, await readBody(c)), 201),
  });

  serve(app, {
    method: "post",
    role: "viewer",
    path: "/tokens/{id}/revoke",
    summary: "Make an API token count for nothing, at once and for good",
    request: { params: IdParameter },
    responses: { 202: { description: "It is revoked; asking again changes nothing.", content: json(Token) }, ...problems(404) },
    handle: async (c) => c.json(await c.var.caller.tokens.revoke({ id: c.req.param("id") ?? "" }), 202),
  });

  serve(app, {
    method: "get",
    role: "administrator",
    path: "/audit",
    summary: "List who changed what, newest first",
    request: { query: listAuditSchema },
    responses: { 200: { description: "A page of entries.", content: json(pageOf(AuditEntry)) }, ...problems(400) },
    handle: async (c) => c.json(await call(c.var.caller.audit.list, readQuery(c))),
  });
}

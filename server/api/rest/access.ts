import { z } from "@hono/zod-openapi";

import { createTokenSchema, createdTokenSchema, tokenSchema } from "../../contracts/access.ts";
import { auditEntrySchema, listAuditSchema } from "../../contracts/audit.ts";
import type { RestApp } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { pathParameter, readBody, readQuery } from "./read-request.ts";
import { IdParameter, json, pageOf } from "./schemas.ts";

const Token = tokenSchema.meta({ id: "Token" });
const CreatedToken = createdTokenSchema.meta({ id: "CreatedToken" });
const AuditEntry = auditEntrySchema.meta({ id: "AuditEntry" });

const CREATE_TOKEN = { summary: "For a program that submits runs", value: { name: "nightly import", role: "operator" } };

/** /tokens and /audit. Users are invited and removed by people, in the dashboard. */
export function serveAccess(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/tokens",
    operationId: "listTokens",
    tag: "Access",
    role: "viewer",
    summary: "List API tokens, the newest first: an administrator's token sees all, any other its owner's",
    answers: { 200: { description: "Without their secrets.", content: json(z.object({ items: z.array(Token) })) } },
    handle: async (c) => c.json(await c.var.caller.tokens.list()),
  });

  serve(app, {
    method: "post",
    path: "/tokens",
    operationId: "createToken",
    tag: "Access",
    role: "administrator",
    summary: "Make an API token",
    body: { schema: createTokenSchema.meta({ id: "CreateToken" }), examples: { operator: CREATE_TOKEN } },
    answers: { 201: { description: "With its secret, this once.", content: json(CreatedToken) } },
    handle: async (c) => c.json(await call(c.var.caller.tokens.create, await readBody(c)), 201),
  });

  serve(app, {
    method: "post",
    path: "/tokens/{id}/revoke",
    operationId: "revokeToken",
    tag: "Access",
    role: "viewer",
    summary: "Make an API token count for nothing, at once and for good",
    params: IdParameter,
    answers: { 202: { description: "It is revoked; asking again changes nothing.", content: json(Token) } },
    problems: [404],
    handle: async (c) => c.json(await c.var.caller.tokens.revoke({ id: pathParameter(c, "id") }), 202),
  });

  serve(app, {
    method: "get",
    path: "/audit",
    operationId: "listAudit",
    tag: "Access",
    role: "administrator",
    summary: "List who changed what, newest first",
    query: listAuditSchema,
    answers: { 200: { description: "A page of entries.", content: json(pageOf(AuditEntry)) } },
    handle: async (c) => c.json(await call(c.var.caller.audit.list, readQuery(c))),
  });
}

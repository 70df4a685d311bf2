import { z } from "@hono/zod-openapi";

import { pageSchema } from "../../contracts/runs.ts";
import type { RestApp } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { pathParameter, readQuery } from "./read-request.ts";
import { BulkOperation, IdParameter, json, pageOf } from "./schemas.ts";

const BulkItem = z
  .object({
    runId: z.string(),
    result: z.enum(["succeeded", "skipped", "failed"]).nullable().describe("null: not yet"),
    reason: z.string().nullable().describe("Why it was skipped or failed"),
  })
  .meta({ id: "BulkItem" });

const STEERED = {
  pause: "Let a bulk operation rest after the batch it is at",
  resume: "Let a paused bulk operation go on",
  abort: "End a bulk operation: what is done stays done, the rest is skipped",
};

/** /bulk-operations */
export function serveBulkOperations(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/bulk-operations/{id}",
    operationId: "getBulkOperation",
    tag: "Bulk operations",
    role: "viewer",
    summary: "Read how far a bulk operation is",
    params: IdParameter,
    answers: { 200: { description: "The operation, counted.", content: json(BulkOperation) } },
    problems: [404],
    handle: async (c) => c.json(await c.var.caller.bulkOperations.get({ id: pathParameter(c, "id") })),
  });

  for (const [verb, summary] of Object.entries(STEERED)) {
    serve(app, {
      method: "post",
      path: `/bulk-operations/{id}/${verb}`,
      operationId: `${verb}BulkOperation`,
      tag: "Bulk operations",
      role: "operator",
      summary,
      params: IdParameter,
      answers: { 202: { description: "The operation as it is now.", content: json(BulkOperation) } },
      problems: [404, 409],
      handle: async (c) => c.json(await c.var.caller.bulkOperations[verb as keyof typeof STEERED]({ id: pathParameter(c, "id") }), 202),
    });
  }

  serve(app, {
    method: "get",
    path: "/bulk-operations/{id}/items",
    operationId: "listBulkOperationItems",
    tag: "Bulk operations",
    role: "viewer",
    summary: "List what became of each run",
    params: IdParameter,
    query: pageSchema,
    answers: { 200: { description: "A page of results; null means not yet.", content: json(pageOf(BulkItem)) } },
    problems: [404],
    handle: async (c) => c.json(await call(c.var.caller.bulkOperations.items, { ...readQuery(c), id: pathParameter(c, "id") })),
  });
}

import { z } from "@hono/zod-openapi";

import {
  deadLetterGroupSchema,
  discardDeadLettersSchema,
  ignoreGroupSchema,
  listDeadLettersSchema,
  listGroupsSchema,
  retryDeadLettersSchema,
} from "../../contracts/dead-letters.ts";
import { pageSchema } from "../../contracts/runs.ts";
import type { RestApp } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { readBody, readQuery, withoutOwn } from "./read-request.ts";
import { BulkOperation, IdParameter, RunSummary, json, pageOf, problems } from "./schemas.ts";

const BulkItem = z
  .object({ runId: z.string(), result: z.enum(["succeeded", "skipped", "failed"]).nullable(), reason: z.string().nullable() })
  .meta({ id: "BulkItem" });

const DeadLetterGroup = deadLetterGroupSchema.meta({ id: "DeadLetterGroup" });
const GroupParameter = z.object({ fingerprint: z.string() });

const GROUP_VERBS = {
  resolve: { call: "resolveGroup", summary: "Say that a group's cause is mended; the next that dies alike opens it again" },
  reopen: { call: "reopenGroup", summary: "Take an ignore or a resolve of a group back" },
} as const;

/** A dry run has no id, and so no place. */
const placeOf = ({ id }: { id: string | null }): Record<string, string> => (id === null ? {} : { location: `/api/v1/bulk-operations/${id}` });

const STEERED = {
  pause: "Let a bulk operation rest after the batch it is at",
  resume: "Let a paused bulk operation go on",
  abort: "End a bulk operation: what is done stays done, the rest is skipped",
};

/** /dead-letters and /bulk-operations. */
export function serveDeadLetters(app: RestApp): void {
  serve(app, {
    method: "get",
    role: "viewer",
    path: "/dead-letters",
    summary: "List dead letters, newest first",
    request: { query: listDeadLettersSchema },
    responses: { 200: { description: "A page of runs that failed for good and wait for a person.", content: json(pageOf(RunSummary)) }, ...problems(400) },
    handle: async (c) => c.json(await call(c.var.caller.deadLetters.list, readQuery(c))),
  });

  serve(app, {
    method: "get",
    role: "viewer",
    path: "/dead-letters/groups",
    summary: "List dead letters that died alike as groups, the latest first",
    request: { query: listGroupsSchema },
    responses: { 200: { description: "A page of groups, counted now.", content: json(pageOf(DeadLetterGroup)) }, ...problems(400) },
    handle: async (c) => c.json(await call(c.var.caller.deadLetters.groups, readQuery(c))),
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/dead-letters/groups/{fingerprint}/ignore",
    summary: "Set a group aside until a moment; its dead letters stay",
    request: { params: GroupParameter, body: { required: true, content: json(ignoreGroupSchema) } },
    responses: { 202: { description: "The group as it is now.", content: json(DeadLetterGroup) }, ...problems(400, 404, 413, 415) },
    handle: async (c) => {
      const body = withoutOwn(await readBody(c), { fingerprint: c.req.param("fingerprint") });
      return c.json(await call(c.var.caller.deadLetters.ignoreGroup, body), 202);
    },
  });

  for (const [verb, { call: name, summary }] of Object.entries(GROUP_VERBS)) {
    serve(app, {
      method: "post",
      role: "operator",
      path: `/dead-letters/groups/{fingerprint}/${verb}`,
      summary,
      request: { params: GroupParameter },
      responses: { 202: { description: "The group as it is now.", content: json(DeadLetterGroup) }, ...problems(404) },
      handle: async (c) => c.json(await c.var.caller.deadLetters[name]({ fingerprint: c.req.param("fingerprint") ?? "" }), 202),
    });
  }

  serve(app, {
    method: "post",
    role: "operator",
    path: "/dead-letters/retry",
    summary: "Retry dead letters: those named, or all that match",
    request: { body: { required: true, content: json(retryDeadLettersSchema) } },
    responses: { 202: { description: "The operation; follow it at Location.", content: json(BulkOperation) }, ...problems(400, 413, 415, 422) },
    handle: async (c) => {
      const operation = await call(c.var.caller.deadLetters.retry, await readBody(c));
      return c.json(operation, 202, placeOf(operation));
    },
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/dead-letters/discard",
    summary: "Discard dead letters: those named, or all that match",
    request: { body: { required: true, content: json(discardDeadLettersSchema) } },
    responses: { 202: { description: "The operation; follow it at Location.", content: json(BulkOperation) }, ...problems(400, 413, 415) },
    handle: async (c) => {
      const operation = await call(c.var.caller.deadLetters.discard, await readBody(c));
      return c.json(operation, 202, placeOf(operation));
    },
  });

  serve(app, {
    method: "get",
    role: "viewer",
    path: "/bulk-operations/{id}",
    summary: "Read how far a bulk operation is",
    request: { params: IdParameter },
    responses: { 200: { description: "The operation, counted.", content: json(BulkOperation) }, ...problems(404) },
    handle: async (c) => c.json(await c.var.caller.bulkOperations.get({ id: c.req.param("id") ?? "" })),
  });

  for (const [verb, summary] of Object.entries(STEERED)) {
    serve(app, {
      method: "post",
      role: "operator",
      path: `/bulk-operations/{id}/${verb}`,
      summary,
      request: { params: IdParameter },
      responses: { 202: { description: "The operation as it is now.", content: json(BulkOperation) }, ...problems(404, 409) },
      handle: async (c) => c.json(await c.var.caller.bulkOperations[verb as keyof typeof STEERED]({ id: c.req.param("id") ?? "" }), 202),
    });
  }

  serve(app, {
    method: "get",
    role: "viewer",
    path: "/bulk-operations/{id}/items",
    summary: "List what became of each run",
    request: { params: IdParameter, query: pageSchema },
    responses: { 200: { description: "A page of results; null means not yet.", content: json(pageOf(BulkItem)) }, ...problems(400, 404) },
    handle: async (c) => c.json(await call(c.var.caller.bulkOperations.items, { ...readQuery(c), id: c.req.param("id") })),
  });
}

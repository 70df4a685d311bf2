import { z } from "@hono/zod-openapi";

import {
  deadLetterGroupSchema,
  discardDeadLettersSchema,
  ignoreGroupSchema,
  listDeadLettersSchema,
  listGroupsSchema,
  retryDeadLettersSchema,
} from "../../contracts/dead-letters.ts";
import type { RestApp } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { DISCARD_IDS, DRY_RUN, IGNORE_UNTIL, RETRY_FILTER } from "./examples.ts";
import { pathParameter, readBody, readQuery, withoutOwn } from "./read-request.ts";
import { BulkOperation, RunSummary, json, pageOf } from "./schemas.ts";

const DeadLetterGroup = deadLetterGroupSchema.meta({ id: "DeadLetterGroup" });
const GroupParameter = z.object({ fingerprint: z.string().describe("Of a group, as the list of groups gives it") });

const GROUP_VERBS = {
  resolve: {
    call: "resolveGroup",
    operationId: "resolveDeadLetterGroup",
    summary: "Say that a group's cause is mended; the next that dies alike opens it again",
  },
  reopen: { call: "reopenGroup", operationId: "reopenDeadLetterGroup", summary: "Take an ignore or a resolve of a group back" },
} as const;

/** A dry run has no id, and so no place. */
const placeOf = ({ id }: { id: string | null }): Record<string, string> => (id === null ? {} : { location: `/api/v1/bulk-operations/${id}` });
const placeHeader = z.object({ Location: z.string().optional().describe("Where the operation is followed; absent on a dry run") });

/** /dead-letters */
export function serveDeadLetters(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/dead-letters",
    operationId: "listDeadLetters",
    tag: "Dead letters",
    role: "viewer",
    summary: "List dead letters, newest first",
    query: listDeadLettersSchema,
    answers: { 200: { description: "A page of runs that failed for good and wait for a person.", content: json(pageOf(RunSummary)) } },
    handle: async (c) => c.json(await call(c.var.caller.deadLetters.list, readQuery(c))),
  });

  serve(app, {
    method: "get",
    path: "/dead-letters/groups",
    operationId: "listDeadLetterGroups",
    tag: "Dead letters",
    role: "viewer",
    summary: "List dead letters that died alike as groups, the latest first",
    query: listGroupsSchema,
    answers: { 200: { description: "A page of groups, counted now.", content: json(pageOf(DeadLetterGroup)) } },
    handle: async (c) => c.json(await call(c.var.caller.deadLetters.groups, readQuery(c))),
  });

  serve(app, {
    method: "post",
    path: "/dead-letters/groups/{fingerprint}/ignore",
    operationId: "ignoreDeadLetterGroup",
    tag: "Dead letters",
    role: "operator",
    summary: "Set a group aside until a moment; its dead letters stay",
    params: GroupParameter,
    body: { schema: ignoreGroupSchema.meta({ id: "IgnoreGroup" }), examples: { ignore: IGNORE_UNTIL } },
    answers: { 202: { description: "The group as it is now.", content: json(DeadLetterGroup) } },
    problems: [404],
    handle: async (c) => {
      const body = withoutOwn(await readBody(c), { fingerprint: pathParameter(c, "fingerprint") });
      return c.json(await call(c.var.caller.deadLetters.ignoreGroup, body), 202);
    },
  });

  for (const [verb, { call: name, ...shown }] of Object.entries(GROUP_VERBS)) {
    serve(app, {
      method: "post",
      path: `/dead-letters/groups/{fingerprint}/${verb}`,
      ...shown,
      tag: "Dead letters",
      role: "operator",
      params: GroupParameter,
      answers: { 202: { description: "The group as it is now.", content: json(DeadLetterGroup) } },
      problems: [404],
      handle: async (c) => c.json(await c.var.caller.deadLetters[name]({ fingerprint: pathParameter(c, "fingerprint") }), 202),
    });
  }

  serve(app, {
    method: "post",
    path: "/dead-letters/retry",
    operationId: "retryDeadLetters",
    tag: "Dead letters",
    role: "operator",
    summary: "Retry dead letters: those named, or all that match",
    description: "Give either `ids` or `filter`. The selection is frozen; a worker carries it out, and the operation tells how far it is.",
    body: { schema: retryDeadLettersSchema.meta({ id: "RetryDeadLetters" }), examples: { filter: RETRY_FILTER, dryRun: DRY_RUN } },
    answers: { 202: { description: "The operation; follow it at Location.", headers: placeHeader, content: json(BulkOperation) } },
    problems: [422],
    handle: async (c) => {
      const operation = await call(c.var.caller.deadLetters.retry, await readBody(c));
      return c.json(operation, 202, placeOf(operation));
    },
  });

  serve(app, {
    method: "post",
    path: "/dead-letters/discard",
    operationId: "discardDeadLetters",
    tag: "Dead letters",
    role: "operator",
    summary: "Discard dead letters: those named, or all that match",
    description: "Give either `ids` or `filter`. Discarded runs stay readable until their retention ends.",
    body: { schema: discardDeadLettersSchema.meta({ id: "DiscardDeadLetters" }), examples: { ids: DISCARD_IDS } },
    answers: { 202: { description: "The operation; follow it at Location.", headers: placeHeader, content: json(BulkOperation) } },
    handle: async (c) => {
      const operation = await call(c.var.caller.deadLetters.discard, await readBody(c));
      return c.json(operation, 202, placeOf(operation));
    },
  });
}

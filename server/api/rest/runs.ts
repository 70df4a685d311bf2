import { z } from "@hono/zod-openapi";

import { listRunsSchema, retryRunSchema } from "../../contracts/runs.ts";
import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { BATCH, BRIEF, FULL, RETRY } from "./examples.ts";
import { asList, pathParameter, readBody, readHeader, readQuery, withoutOwn } from "./read-request.ts";
import { IdParameter, Run, RunSummary, SubmitBatch, SubmitRun, json, pageOf } from "./schemas.ts";

const ENFORCEMENT_HEADER = "corral-enforcement";
/** As documented; there is none before the first attempt. */
export const enforcementHeader = z.object({
  "Corral-Enforcement": z.enum(["enforced", "unenforced"]).optional().describe("Whether the kernel held its last attempt to its limits"),
});
const locationHeader = z.object({ Location: z.string().describe("Where it is found") });

export const IdempotencyHeader = z.object({
  "Idempotency-Key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("1 to 255 printable ASCII characters: the same key of the same caller with the same body makes one run, however often it is sent"),
});

/** @throws RequestRefused for a key that is empty, too long or can't be printed. */
export function idempotencyKeyOf(c: RestContext): { idempotencyKey?: string } {
  const key = readHeader(c, "Idempotency-Key", /^[\x20-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters");
  return key === undefined ? {} : { idempotencyKey: key };
}

/** A run as an answer; its header says whether the kernel held it to its limits, for who looks at nothing else. */
export function runAnswer(c: RestContext, run: z.infer<typeof Run>, status: 200 | 201 | 202 = 200, headers: Record<string, string> = {}): Response {
  const enforcement: Record<string, string> = run.enforced === null ? {} : { [ENFORCEMENT_HEADER]: run.enforced ? "enforced" : "unenforced" };
  return c.json(run, status, { ...enforcement, ...headers });
}

/** Where a run is found. */
export const runPath = (id: string): string => `/api/v1/runs/${id}`;

/** /runs: submit, list, read, cancel, retry. */
export function serveRuns(app: RestApp): void {
  serve(app, {
    method: "post",
    path: "/runs",
    operationId: "submitRun",
    tag: "Runs",
    role: "operator",
    summary: "Submit a run",
    description: "What is left out comes from the settings. A limit above the administrator's maximum is refused by name, never lowered.",
    headers: IdempotencyHeader,
    body: { schema: SubmitRun, examples: { brief: BRIEF, full: FULL } },
    answers: {
      201: { description: "Accepted; it is never lost from here on.", headers: locationHeader.extend(enforcementHeader.shape), content: json(Run) },
      200: {
        description: "The run that an earlier request with this Idempotency-Key made.",
        headers: locationHeader.extend(enforcementHeader.shape),
        content: json(Run),
      },
    },
    problems: [409, 422],
    handle: async (c) => {
      const own = { lane: "batch", idempotencyKey: undefined, ...idempotencyKeyOf(c) };
      const { run, created } = await call(c.var.inProcess.submit, withoutOwn(await readBody(c), own));
      c.set("runId", run.id);
      return runAnswer(c, run, created ? 201 : 200, { location: runPath(run.id) });
    },
  });

  serve(app, {
    method: "post",
    path: "/runs/batch",
    operationId: "submitBatch",
    tag: "Runs",
    role: "operator",
    summary: "Submit up to 1,000 runs, all or none",
    description: "They are queued in the order given. What is refused is told for every run at once, by its place: `runs.3.limits.memoryBytes`.",
    body: { schema: SubmitBatch, examples: { batch: BATCH } },
    answers: { 201: { description: "All are accepted, in their order.", content: json(z.object({ items: z.array(Run) })) } },
    problems: [422],
    handle: async (c) => c.json(await call(c.var.caller.runs.submitBatch, await readBody(c)), 201),
  });

  serve(app, {
    method: "get",
    path: "/runs",
    operationId: "listRuns",
    tag: "Runs",
    role: "viewer",
    summary: "List runs, newest first",
    description: "Every filter that is given must match. `status`, `outcome`, `language` and `tag` may be repeated.",
    query: listRunsSchema,
    answers: { 200: { description: "A page of runs.", content: json(pageOf(RunSummary)) } },
    handle: async (c) => c.json(await call(c.var.caller.runs.list, readQuery(c))),
  });

  serve(app, {
    method: "get",
    path: "/runs/{id}",
    operationId: "getRun",
    tag: "Runs",
    role: "viewer",
    summary: "Read a run",
    params: IdParameter,
    query: z.object({
      include: z
        .array(z.enum(["source", "output"]))
        .optional()
        .describe("`source` adds the script with its stdin and env, `output` what the last attempt printed; separated by a comma"),
    }),
    answers: { 200: { description: "The run with all its attempts.", headers: enforcementHeader, content: json(Run) } },
    problems: [404],
    handle: async (c) => {
      const { include, ...query } = readQuery(c);
      const wanted = { ...query, id: pathParameter(c, "id"), ...(include === undefined ? {} : { include: asList(include) }) };
      return runAnswer(c, await call(c.var.caller.runs.get, wanted));
    },
  });

  serve(app, {
    method: "post",
    path: "/runs/{id}/cancel",
    operationId: "cancelRun",
    tag: "Runs",
    role: "operator",
    summary: "Cancel a run that has not ended",
    description: "One that waits is cancelled at once. Of one that runs its worker is told: SIGTERM, the grace period of the settings, then the kill.",
    params: IdParameter,
    answers: { 202: { description: "It is cancelled, or its worker was told to end it.", headers: enforcementHeader, content: json(Run) } },
    problems: [404, 409],
    handle: async (c) => runAnswer(c, await c.var.caller.runs.cancel({ id: pathParameter(c, "id") }), 202),
  });

  serve(app, {
    method: "post",
    path: "/runs/{id}/retry",
    operationId: "retryRun",
    tag: "Runs",
    role: "operator",
    summary: "Queue a dead letter or failed run again",
    description: "With all its retries anew. What is given replaces that part of its policy.",
    params: IdParameter,
    body: { schema: retryRunSchema.meta({ id: "RetryRun" }), optional: true, examples: { retry: RETRY } },
    answers: { 202: { description: "It is queued again.", headers: enforcementHeader, content: json(Run) } },
    problems: [404, 409, 422],
    handle: async (c) => {
      const body = withoutOwn(await readBody(c, { optional: true }), { id: pathParameter(c, "id") });
      return runAnswer(c, await call(c.var.caller.runs.retry, body), 202);
    },
  });

  serve(app, {
    method: "post",
    path: "/runs/{id}/retry-now",
    operationId: "retryRunNow",
    tag: "Runs",
    role: "operator",
    summary: "Bring the next attempt of a retrying run forward",
    params: IdParameter,
    answers: { 202: { description: "Its next attempt is due.", headers: enforcementHeader, content: json(Run) } },
    problems: [404, 409],
    handle: async (c) => runAnswer(c, await c.var.caller.runs.retryNow({ id: pathParameter(c, "id") }), 202),
  });
}

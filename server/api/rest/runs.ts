import { z } from "@hono/zod-openapi";

import { listRunsSchema, retryRunSchema } from "../../contracts/runs.ts";
import { RequestRefused } from "../failure.ts";
import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { asList, readBody, readQuery, withoutOwn } from "./read-request.ts";
import { IdParameter, Run, RunSummary, SubmitBatch, SubmitRun, json, pageOf, problems } from "./schemas.ts";

const ENFORCEMENT_HEADER = "corral-enforcement";
/** As documented; there is none before the first attempt. */
export const enforcementHeader = z.object({ "Corral-Enforcement": z.enum(["enforced", "unenforced"]).optional() });

export const IdempotencyHeader = z.object({
  "idempotency-key": z.string().max(255).optional().describe("The same key with the same body makes one run, however often it is sent"),
});

/** @throws RequestRefused for a key that is too long or can't be printed. */
export function idempotencyKeyOf({ req }: RestContext): { idempotencyKey?: string } {
  const key = req.header("idempotency-key");
  if (key === undefined) return {};
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new RequestRefused("invalid_input", "Idempotency-Key: must be 1 to 255 printable ASCII characters", [
      { path: "Idempotency-Key", message: "must be 1 to 255 printable ASCII characters" },
    ]);
  }
  return { idempotencyKey: key };
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
    role: "operator",
    path: "/runs",
    summary: "Submit a run",
    request: { headers: IdempotencyHeader, body: { required: true, content: json(SubmitRun) } },
    responses: {
      201: { description: "Accepted; it is never lost from here on.", headers: z.object({ Location: z.string() }), content: json(Run) },
      200: { description: "The run that an earlier request with this Idempotency-Key made.", content: json(Run) },
      ...problems(400, 409, 413, 415, 422),
    },
    handle: async (c) => {
      const own = { lane: "batch", idempotencyKey: undefined, ...idempotencyKeyOf(c) };
      const { run, created } = await call(c.var.inProcess.submit, withoutOwn(await readBody(c), own));
      return runAnswer(c, run, created ? 201 : 200, { location: runPath(run.id) });
    },
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/runs/batch",
    summary: "Submit up to 1,000 runs, all or none",
    request: { body: { required: true, content: json(SubmitBatch) } },
    responses: { 201: { description: "All are accepted, in their order.", content: json(z.object({ items: z.array(Run) })) }, ...problems(400, 413, 415, 422) },
    handle: async (c) => c.json(await call(c.var.caller.runs.submitBatch, await readBody(c)), 201),
  });

  serve(app, {
    method: "get",
    role: "viewer",
    path: "/runs",
    summary: "List runs, newest first",
    request: { query: listRunsSchema },
    responses: { 200: { description: "A page of runs.", content: json(pageOf(RunSummary)) }, ...problems(400) },
    handle: async (c) => c.json(await call(c.var.caller.runs.list, readQuery(c))),
  });

  serve(app, {
    method: "get",
    role: "viewer",
    path: "/runs/{id}",
    summary: "Read a run",
    request: { params: IdParameter, query: z.object({ include: z.string().optional().describe("`source`, `output` or both, separated by a comma") }) },
    responses: { 200: { description: "The run with all its attempts.", headers: enforcementHeader, content: json(Run) }, ...problems(400, 404) },
    handle: async (c) => {
      const { include, ...query } = readQuery(c);
      const wanted = { ...query, id: c.req.param("id"), ...(include === undefined ? {} : { include: asList(include) }) };
      return runAnswer(c, await call(c.var.caller.runs.get, wanted));
    },
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/runs/{id}/cancel",
    summary: "Cancel a run that has not ended",
    request: { params: IdParameter },
    responses: { 202: { description: "It is cancelled, or its worker was told to end it.", content: json(Run) }, ...problems(404, 409) },
    handle: async (c) => runAnswer(c, await c.var.caller.runs.cancel({ id: c.req.param("id") ?? "" }), 202),
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/runs/{id}/retry",
    summary: "Queue a dead letter or failed run again",
    request: { params: IdParameter, body: { required: false, content: json(retryRunSchema) } },
    responses: { 202: { description: "It is queued again.", content: json(Run) }, ...problems(400, 404, 409, 413, 415, 422) },
    handle: async (c) => {
      const body = withoutOwn(await readBody(c, { optional: true }), { id: c.req.param("id") });
      return runAnswer(c, await call(c.var.caller.runs.retry, body), 202);
    },
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/runs/{id}/retry-now",
    summary: "Bring the next attempt of a retrying run forward",
    request: { params: IdParameter },
    responses: { 202: { description: "Its next attempt is due.", content: json(Run) }, ...problems(404, 409) },
    handle: async (c) => runAnswer(c, await c.var.caller.runs.retryNow({ id: c.req.param("id") ?? "" }), 202),
  });
}

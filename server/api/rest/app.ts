import { OpenAPIHono, z } from "@hono/zod-openapi";
import { TRPCError } from "@trpc/server";

import { log, withLogFields } from "../../log.ts";
import { processMetrics } from "../../metrics.ts";
import { suggest } from "../../suggest.ts";
import { createCaller } from "../app-router.ts";
import type { Failure } from "../failure.ts";
import { failureOf, toFailure } from "../failure.ts";
import { problemResponse } from "../problem.ts";
import { processEnd } from "../process-end.ts";
import { createRequestContext } from "../request-context.ts";
import { createInProcessCaller } from "../routers/in-process.ts";
import { serveAccess } from "./access.ts";
import { serveBulkOperations } from "./bulk-operations.ts";
import { serveDeadLetters } from "./dead-letters.ts";
import { describeApi, documentService } from "./document.ts";
import { restRoles } from "./endpoint.ts";
import type { Document } from "./openapi.ts";
import type { RestApp, RestContext, RestEnv } from "./endpoint.ts";
import { serve } from "./endpoint.ts";
import { serveExecute } from "./execute.ts";
import { serveLanes } from "./lanes.ts";
import { serveRunOutput } from "./run-output.ts";
import { serveRuns } from "./runs.ts";
import { json } from "./schemas.ts";
import { serveSettings } from "./settings.ts";
import { serveWorkers } from "./workers.ts";

export const REST_BASE = "/api/v1";

/** The HTTP API, version 1: routes that read the wire and call the procedures. */
export function createRestApp(): RestApp {
  const api = new OpenAPIHono<RestEnv>().basePath(REST_BASE);

  api.use("*", async (c, next) => {
    const startedAt = performance.now();
    const request = createRequestContext(c.req.raw);
    c.set("request", request);
    await withLogFields({ requestId: request.requestId }, next);
    noteRequest(c, performance.now() - startedAt);
  });

  api.use("*", async (c, next) => {
    const { request } = c.var;
    c.set("caller", createCaller(request, { signal: c.req.raw.signal }));
    c.set("inProcess", createInProcessCaller(request, { signal: AbortSignal.any([c.req.raw.signal, processEnd()]) }));
    // First of all, so that nobody unknown learns even which addresses exist, or has a body read.
    if ((await request.authenticate()) === null) {
      return refuse(c, failureOf("unauthenticated", "Send a valid token: Authorization: Bearer <token>."));
    }
    await next();
    c.res.headers.set("corral-request-id", request.requestId);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
    c.res.headers.set("x-content-type-options", "nosniff");
    nameRun(c, c.res.headers);
    return undefined;
  });

  documentService(api);
  serveRuns(api);
  serveRunOutput(api);
  serveExecute(api);
  serveDeadLetters(api);
  serveBulkOperations(api);
  serveSettings(api);
  serveWorkers(api);
  serveLanes(api);
  serveAccess(api);
  let document: Document | null = null;
  serve(api, {
    method: "get",
    path: "/openapi.json",
    operationId: "getOpenApi",
    tag: "Service",
    role: "viewer",
    summary: "This document",
    answers: { 200: { description: "OpenAPI 3.1.", content: json(z.looseObject({ openapi: z.string() })) } },
    handle: (c) => Promise.resolve(c.json((document ??= describeApi(api)))),
  });
  restRoles(api, REST_BASE);

  api.onError((error, c) => {
    const failure = toFailure(error);
    // What a procedure threw is logged there; what breaks because its caller went is nobody's fault.
    if (failure.code === "internal_error" && !(error instanceof TRPCError) && !c.req.raw.signal.aborted)
      log.error({ err: error, requestId: c.var.request.requestId, path: c.req.path }, "a request failed through our own fault");
    return refuse(c, failure);
  });
  api.notFound((c) => {
    const allowed = allowedMethods(api, c.req.path);
    if (allowed.length === 0) return refuse(c, failureOf("not_found", noSuchPath(api, c.req.path)));
    const allow = allowed.join(", ");
    if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
    return refuse(c, failureOf("method_not_allowed", `${c.req.path} answers ${allow}.`), { allow });
  });
  return api;
}

/** Counts the request, and logs it: what reads and succeeds only for who looks for it. The query stays out: it may hold anything. */
function noteRequest(c: RestContext, ms: number): void {
  const { method } = c.req;
  const { status } = c.res;
  const { route = "unmatched", runId, request } = c.var;
  processMetrics().countRequest({ method, route, status, seconds: ms / 1000 });
  const level = status < 400 && (method === "GET" || method === "HEAD") ? "debug" : "info";
  log[level](
    { requestId: request.requestId, method, route, path: c.req.path.slice(0, 200), status, ms: Math.round(ms), ...(runId === undefined ? {} : { runId }) },
    "answered",
  );
}

function refuse(c: RestContext, failure: Failure, headers: Record<string, string> = {}): Response {
  const response = problemResponse(failure, { requestId: c.var.request.requestId, path: c.req.path, headers });
  nameRun(c, response.headers);
  return response;
}

function nameRun(c: RestContext, headers: Headers): void {
  const { runId } = c.var;
  if (runId !== undefined) headers.set("corral-run-id", runId);
}

const routesOf = (api: RestApp) => api.routes.filter((route) => route.method !== "ALL");

/** Which methods a path answers, from the routes themselves. */
function allowedMethods(api: RestApp, path: string): string[] {
  const methods = routesOf(api)
    .filter((route) => new RegExp(`^${route.path.replaceAll(/:[^/]+/g, "[^/]+")}$`).test(path))
    .map((route) => route.method);
  if (methods.length === 0) return [];
  return [...new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"])].sort();
}

function noSuchPath(api: RestApp, path: string): string {
  const likely = suggest(
    path,
    routesOf(api)
      .map((route) => route.path)
      .filter((known) => !known.includes(":")),
  );
  return `There is no ${path.slice(0, 200)}${likely === null ? "" : `; did you mean ${likely}?`}. GET ${REST_BASE}/openapi.json lists what there is.`;
}

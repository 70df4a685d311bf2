import { OpenAPIHono } from "@hono/zod-openapi";
import { TRPCError } from "@trpc/server";

import { log } from "../../log.ts";
import { createCaller } from "../app-router.ts";
import type { Failure } from "../failure.ts";
import { failureOf, toFailure } from "../failure.ts";
import { problemResponse } from "../problem.ts";
import { processEnd } from "../process-end.ts";
import { createRequestContext } from "../request-context.ts";
import { createInProcessCaller } from "../routers/in-process.ts";
import { serveAccess } from "./access.ts";
import { serveDeadLetters } from "./dead-letters.ts";
import { declareRole, restRoles } from "./endpoint.ts";
import type { RestApp, RestContext, RestEnv } from "./endpoint.ts";
import { serveExecute } from "./execute.ts";
import { serveRunOutput } from "./run-output.ts";
import { serveRuns } from "./runs.ts";
import { serveSettings } from "./settings.ts";
import { serveLanes } from "./lanes.ts";
import { serveWorkers } from "./workers.ts";

export const REST_BASE = "/api/v1";

const DESCRIPTION = `Send \`Authorization: Bearer <token>\` with every request. Ids are opaque, times are ISO 8601 UTC, lists are \`{ items, nextCursor }\`.
Errors are RFC 9457 problems with a stable \`type\`: 400 for input that can't be right, field by field in \`errors\`; 422 for a limit that is
well-formed but above the administrator's maximum.`;

/** The HTTP API, version 1: routes that read the wire and call the procedures. */
export function createRestApp(): RestApp {
  const api = new OpenAPIHono<RestEnv>().basePath(REST_BASE);

  api.use("*", async (c, next) => {
    const request = createRequestContext(c.req.raw);
    c.set("request", request);
    c.set("caller", createCaller(request, { signal: c.req.raw.signal }));
    c.set("inProcess", createInProcessCaller(request, { signal: AbortSignal.any([c.req.raw.signal, processEnd()]) }));
    // First of all, so that nobody unknown learns even which addresses exist, or has a body read.
    if ((await request.authenticate()) === null) {
      return refuse(c, failureOf("unauthenticated", "Send a valid token: Authorization: Bearer <token>."));
    }
    await next();
    c.res.headers.set("corral-request-id", request.requestId);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
    nameRun(c, c.res.headers);
    return undefined;
  });

  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  serveRuns(api);
  serveRunOutput(api);
  serveExecute(api);
  serveDeadLetters(api);
  serveSettings(api);
  serveWorkers(api);
  serveLanes(api);
  serveAccess(api);
  api.get("/openapi.json", (c) => c.json(describe(api)));
  declareRole(api, "get", "/openapi.json", "viewer");
  restRoles(api, REST_BASE);

  api.onError((error, c) => {
    const failure = toFailure(error);
    // What a procedure threw is logged there.
    if (failure.code === "internal_error" && !(error instanceof TRPCError))
      log.error({ err: error, requestId: c.var.request.requestId, path: c.req.path }, "a request failed through our own fault");
    return refuse(c, failure);
  });
  api.notFound((c) => {
    const allowed = allowedMethods(api, c.req.path);
    if (allowed.length === 0) return refuse(c, failureOf("not_found", `There is no ${c.req.path}. GET ${REST_BASE}/openapi.json lists what there is.`));
    return refuse(c, failureOf("method_not_allowed", `${c.req.path} answers ${allowed.join(", ")}.`), { allow: allowed.join(", ") });
  });
  return api;
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

/** Which methods a path answers, from the routes themselves. */
function allowedMethods(api: RestApp, path: string): string[] {
  const methods = api.routes
    .filter((route) => route.method !== "ALL" && new RegExp(`^${route.path.replaceAll(/:[^/]+/g, "[^/]+")}$`).test(path))
    .map((route) => route.method);
  return [...new Set(methods)].sort();
}

function describe(api: RestApp): object {
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Corral", version: "1", description: DESCRIPTION },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
  });
}

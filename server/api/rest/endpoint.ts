import { createRoute } from "@hono/zod-openapi";
import type { OpenAPIHono, RouteConfig, z } from "@hono/zod-openapi";
import type { Context } from "hono";

import { hasRole } from "../../auth/roles.ts";
import type { Role } from "../../contracts/statuses.ts";
import { ServiceError } from "../../errors.ts";
import type { createCaller } from "../app-router.ts";
import type { RequestContext } from "../request-context.ts";
import type { createInProcessCaller } from "../routers/in-process.ts";
import { refuseBody, refuseUnknownQuery } from "./read-request.ts";
import { problemAnswers } from "./problems.ts";
import type { ProblemStatus } from "./problems.ts";

export type RestEnv = {
  Variables: {
    request: RequestContext;
    caller: ReturnType<typeof createCaller>;
    inProcess: ReturnType<typeof createInProcessCaller>;
    /** Set once a run was made for this request, so that even a failure names it. */
    runId?: string;
    /** The endpoint's path as documented, for metrics and the log. */
    route?: string;
  };
};

export type RestContext = Context<RestEnv>;
export type RestApp = OpenAPIHono<RestEnv>;

/** The parts of the API, as the reference divides it. */
export type Tag = "Runs" | "Execute" | "Dead letters" | "Bulk operations" | "Settings" | "Workers" | "Lanes" | "Access" | "Service";

/** A body as an example shows it; every one of them is sent by a test. */
export type Example = { summary: string; value: unknown };

/**
 * One address and method: what is documented, and what is strict about it. 400, 401, 403, 500 and 503 any can answer with, those with a
 * body 408, 413 and 415; each names the rest.
 */
export type Endpoint = {
  method: "get" | "post" | "put";
  path: string;
  /** Its function's name in generated clients. */
  operationId: string;
  tag: Tag;
  /** The least role that may: looked at before anything of the body is read. The procedures behind it look again. */
  role: Role;
  summary: string;
  description?: string;
  params?: z.ZodObject;
  /** Every parameter that there is: another one is refused. */
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: { schema: z.ZodType; optional?: boolean; examples: Record<string, Example> };
  answers: RouteConfig["responses"];
  problems?: readonly ProblemStatus[];
  handle: (c: RestContext) => Promise<Response>;
};

const declared = new WeakMap<RestApp, Map<string, Role>>();

function declareRole(app: RestApp, method: string, path: string, role: Role): void {
  const roles = declared.get(app) ?? new Map<string, Role>();
  declared.set(app, roles.set(`${method.toUpperCase()} ${path}`, role));
}

/** Every address of the API, as `GET /runs/{id}`, with the role it needs. @throws for one that declares none: the build, which loads this, then fails */
export function restRoles(app: RestApp, base: string): Map<string, Role> {
  const roles = declared.get(app) ?? new Map<string, Role>();
  for (const { method, path } of app.routes) {
    if (method === "ALL") continue;
    const address = `${method} ${path.slice(base.length).replaceAll(/:([^/]+)/g, "{$1}")}`;
    if (!roles.has(address)) throw new Error(`${address} declares no role. Serve it with \`serve\` and a role.`);
  }
  return roles;
}

/**
 * Puts an endpoint in the document and in service. Its schemas document; the procedure it calls is what checks
 * input, so that it is not written down twice. Parameters and bodies that are not documented are refused here.
 */
export function serve(app: RestApp, { handle, ...endpoint }: Endpoint): void {
  const route = createRoute(documented(endpoint));
  app.openAPIRegistry.registerPath(route);
  declareRole(app, endpoint.method, endpoint.path, endpoint.role);
  const method = endpoint.method.toUpperCase();
  app.on(method, route.getRoutingPath(), async (c) => {
    c.set("route", `/api/v1${endpoint.path}`);
    await requireRole(c, endpoint.role);
    refuseUnknownQuery(c, endpoint.query);
    if (method !== "GET" && endpoint.body === undefined) await refuseBody(c);
    return handle(c);
  });
}

async function requireRole(c: RestContext, role: Role): Promise<void> {
  const actor = await c.var.request.authenticate();
  if (actor !== null && hasRole(actor.role, role)) return;
  throw new ServiceError("forbidden", `This needs the role ${role}${actor === null ? "" : `; ${actor.name} has the role ${actor.role}`}.`);
}

function documented({
  method,
  path,
  operationId,
  tag,
  role,
  summary,
  description,
  params,
  query,
  headers,
  body,
  answers,
  problems = [],
}: Omit<Endpoint, "handle">) {
  const request = {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined
      ? {}
      : { body: { required: body.optional !== true, content: { "application/json": { schema: body.schema, examples: body.examples } } } }),
  };
  return {
    method,
    path,
    operationId,
    tags: [tag],
    summary,
    description: `${description === undefined ? "" : `${description}\n\n`}Role: ${role}.`,
    "x-corral-role": role,
    request,
    responses: { ...answers, ...problemAnswers([...problems, ...(method === "get" ? [] : ([408, 413, 415] as const))]) },
  };
}

/** Hands what came over the wire to a procedure, whose input parser is what checks it. */
export function call<Wanted, Answer>(procedure: (wanted: Wanted) => Answer, wire: unknown): Answer {
  return procedure(wire as Wanted);
}

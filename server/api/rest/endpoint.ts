import { createRoute } from "@hono/zod-openapi";
import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { createCaller } from "../app-router.ts";
import type { RequestContext } from "../request-context.ts";
import type { createInProcessCaller } from "../routers/in-process.ts";

export type RestEnv = {
  Variables: {
    request: RequestContext;
    caller: ReturnType<typeof createCaller>;
    inProcess: ReturnType<typeof createInProcessCaller>;
    /** Set once a run was made for this request, so that even a failure names it. */
    runId?: string;
  };
};

export type RestContext = Context<RestEnv>;
export type RestApp = OpenAPIHono<RestEnv>;

/** Every response that is not success is a problem; each endpoint names its own, these come with all of them. */
export type Endpoint = Omit<RouteConfig, "path" | "request"> & {
  path: string;
  request?: RouteConfig["request"];
  handle: (c: RestContext) => Promise<Response>;
};

/**
 * Puts an endpoint in the document and in service. Its schemas document; the procedure it calls is what checks roles
 * and input, so that neither is written down twice.
 */
export function serve(app: RestApp, { handle, ...route }: Endpoint): void {
  const documented = createRoute(route);
  app.openAPIRegistry.registerPath(documented);
  app.on(route.method.toUpperCase(), documented.getRoutingPath(), handle);
}

/** Hands what came over the wire to a procedure, whose input parser is what checks it. */
export function call<Wanted, Answer>(procedure: (wanted: Wanted) => Answer, wire: unknown): Answer {
  return procedure(wire as Wanted);
}

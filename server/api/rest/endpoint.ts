import { createRoute } from "@hono/zod-openapi";
import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";

import { hasRole } from "../../auth/roles.ts";
import type { Role } from "../../contracts/statuses.ts";
import { ServiceError } from "../../errors.ts";
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
  /** Who may call it: looked at before anything of the body is read. The procedures behind it look again. */
  role: Role;
  request?: RouteConfig["request"];
  handle: (c: RestContext) => Promise<Response>;
};

const declared = new WeakMap<RestApp, Map<string, Role>>();

/** Says who may call an address (`GET /openapi.json`) that is served in another way than by `serve`. */
export function declareRole(app: RestApp, method: string, path: string, role: Role): void {
  const roles = declared.get(app) ?? new Map<string, Role>();
  declared.set(app, roles.set(`${method.toUpperCase()} ${path}`, role));
}

/** Every address of the API, as `GET /runs/{id}`, with the role it needs. @throws for one that declares none: the build, which loads this, then fails */
export function restRoles(app: RestApp, base: string): Map<string, Role> {
  const roles = declared.get(app) ?? new Map<string, Role>();
  for (const { method, path } of app.routes) {
    if (method === "ALL") continue;
    const address = `${method} ${path.slice(base.length).replaceAll(/:([^/]+)/g, "{$1}")}`;
    if (!roles.has(address)) throw new Error(`${address} declares no role. Serve it with \`serve\` and a role, or name it to \`declareRole\`.`);
  }
  return roles;
}

/**
 * Puts an endpoint in the document and in service. Its schemas document; the procedure it calls is what checks
 * input, so that it is not written down twice.
 */
export function serve(app: RestApp, { handle, role, ...route }: Endpoint): void {
  const documented = createRoute({ ...route, "x-corral-role": role });
  declareRole(app, route.method, route.path, role);
  app.openAPIRegistry.registerPath(documented);
  app.on(route.method.toUpperCase(), documented.getRoutingPath(), async (c: RestContext) => {
    const actor = await c.var.request.authenticate();
    if (actor === null || !hasRole(actor.role, role)) {
      throw new ServiceError("forbidden", `This needs the role ${role}${actor === null ? "" : `; ${actor.name} has the role ${actor.role}`}.`);
    }
    return handle(c);
  });
}

/** Hands what came over the wire to a procedure, whose input parser is what checks it. */
export function call<Wanted, Answer>(procedure: (wanted: Wanted) => Answer, wire: unknown): Answer {
  return procedure(wire as Wanted);
}

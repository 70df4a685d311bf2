import { initTRPC } from "@trpc/server";

import type { Role } from "../contracts/statuses.ts";
import { hasRole } from "../auth/roles.ts";
import { ServiceError } from "../errors.ts";
import { log } from "../log.ts";
import { toFailure, toTrpcError } from "./failure.ts";
import type { RequestContext } from "./request-context.ts";

/** What every procedure says of itself: who may call it. */
export type ProcedureMeta = { role: Role };

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    // The stack and what tRPC adds stay here: a caller gets what toFailure allows, nothing else.
    errorFormatter: ({ shape, error, ctx, path }) => {
      const failure = toFailure(error);
      return {
        ...shape,
        message: failure.message,
        data: { code: failure.code, httpStatus: failure.status, path, fields: failure.fields, requestId: ctx?.requestId },
      };
    },
  });

export const { createCallerFactory } = t;

/** A router as `rolesOf` reads it; any of ours is one. */
export type AnyRouter = { _def: { procedures: object } };

/** Every procedure of a router by its path (`runs.submit`), with the role it needs. @throws for one that declares none: nobody may call it */
export function rolesOf(of: AnyRouter): Map<string, Role> {
  const declared = Object.entries(of._def.procedures as Record<string, { _def: { meta?: Partial<ProcedureMeta> } }>);
  return new Map(
    declared.map(([path, { _def }]) => {
      const role = _def.meta?.role;
      if (role === undefined)
        throw new Error(`The procedure ${path} declares no role. Make it with viewerProcedure, operatorProcedure or administratorProcedure.`);
      return [path, role];
    }),
  );
}

/** A noun's procedures. @throws when one declares no role: this file is loaded by the build, which then fails */
export const router: typeof t.router = (procedures) => {
  const made = t.router(procedures);
  rolesOf(made);
  return made;
};

/** Turns what a verb throws into what a caller may know, once for both transports; logs what is our own fault. */
const failing = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  if (toFailure(result.error).code === "internal_error") {
    log.error({ err: result.error.cause ?? result.error, requestId: ctx.requestId, procedure: path }, "a request failed through our own fault");
  }
  throw toTrpcError(result.error);
});

/** Knows who asks and whether they may, before the input is so much as parsed. */
const requireRole = (needed: Role) =>
  t.middleware(async ({ ctx, next }) => {
    const actor = await ctx.authenticate();
    if (actor === null) throw new ServiceError("unauthenticated", "Sign in, or send a valid token: Authorization: Bearer <token>.");
    if (!hasRole(actor.role, needed)) {
      throw new ServiceError("forbidden", `This needs the role ${needed}; ${actor.name} has the role ${actor.role}.`);
    }
    return next({ ctx: { ...ctx, ...(await ctx.openServices(actor)) } });
  });

// There is no public procedure: what nobody is signed in for is not made with this file.
const procedureFor = (role: Role) => t.procedure.meta({ role }).use(failing).use(requireRole(role));

/** For everybody who is signed in: reads. */
export const viewerProcedure = procedureFor("viewer");

/** For those who may submit, cancel, retry and discard runs. */
export const operatorProcedure = procedureFor("operator");

/** For those who may change the settings, users, and everybody's tokens. */
export const administratorProcedure = procedureFor("administrator");

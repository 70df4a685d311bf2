import { initTRPC } from "@trpc/server";

import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";
import { ServiceError } from "../errors.ts";
import { log } from "../log.ts";
import { toFailure, toTrpcError } from "./failure.ts";
import type { RequestContext } from "./request-context.ts";

const t = initTRPC.context<RequestContext>().create({
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

export const { router, createCallerFactory } = t;

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
    if (ROLES.indexOf(actor.role) < ROLES.indexOf(needed)) {
      throw new ServiceError("forbidden", `This needs the role ${needed}; ${actor.name} has the role ${actor.role}.`);
    }
    return next({ ctx: { ...ctx, ...(await ctx.openServices(actor)) } });
  });

// There is no public procedure: what nobody is signed in for is not made with this file.

/** For everybody who is signed in: reads. */
export const viewerProcedure = t.procedure.use(failing).use(requireRole("viewer"));

/** For those who may submit, cancel, retry and discard runs. */
export const operatorProcedure = t.procedure.use(failing).use(requireRole("operator"));

/** For those who may change the settings. */
export const administratorProcedure = t.procedure.use(failing).use(requireRole("administrator"));

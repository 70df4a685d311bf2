import { randomUUID } from "node:crypto";

import { authenticate } from "../auth/authenticate.ts";
import { refusalOfBrowser } from "../auth/same-origin.ts";
import { createServiceContext } from "../context.ts";
import type { Actor, ServiceContext } from "../context.ts";
import { ServiceError } from "../errors.ts";

/** What a request brings to the procedures, whichever transport it came by. */
export type RequestContext = {
  /** Finds a failure in the log. */
  requestId: string;
  /** Who asks; asked once a request, however many procedures a batch holds. */
  authenticate: () => Promise<Actor | null>;
  openServices: (actor: Actor) => Promise<ServiceContext>;
};

/** The context of one HTTP request. Nothing is looked up before a procedure asks for it. */
export function createRequestContext(request: Pick<Request, "method" | "headers">): RequestContext {
  let actor: Promise<Actor | null> | null = null;
  return {
    requestId: randomUUID(),
    authenticate: () => (actor ??= authenticateRequest(request)),
    openServices: createServiceContext,
  };
}

/**
 * Who a request comes from. A cookie is sent by the browser unasked, so it counts only where the page is Corral's own;
 * a token is always meant.
 * @throws ServiceError (forbidden) for a cookie that another site makes use of.
 */
export async function authenticateRequest(request: Pick<Request, "method" | "headers">): Promise<Actor | null> {
  const actor = await authenticate(request.headers);
  const refusal = actor?.kind === "user" ? refusalOfBrowser(request) : null;
  if (refusal !== null) throw new ServiceError("forbidden", refusal);
  return actor;
}

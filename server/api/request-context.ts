import { randomUUID } from "node:crypto";

import { authenticate } from "../auth/authenticate.ts";
import { createServiceContext } from "../context.ts";
import type { Actor, ServiceContext } from "../context.ts";

/** What a request brings to the procedures, whichever transport it came by. */
export type RequestContext = {
  /** Finds a failure in the log. */
  requestId: string;
  /** Who asks; asked once a request, however many procedures a batch holds. */
  authenticate: () => Promise<Actor | null>;
  openServices: (actor: Actor) => Promise<ServiceContext>;
};

/** The context of one HTTP request. Nothing is looked up before a procedure asks for it. */
export function createRequestContext(headers: Headers): RequestContext {
  let actor: Promise<Actor | null> | null = null;
  return {
    requestId: randomUUID(),
    authenticate: () => (actor ??= authenticate(headers)),
    openServices: createServiceContext,
  };
}

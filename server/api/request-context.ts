import { randomUUID } from "node:crypto";

import { authenticate } from "../auth/authenticate.ts";
import { clientAddress } from "../auth/client-address.ts";
import { refusalOfBrowser, refusalOfHost } from "../auth/same-origin.ts";
import { refuseTokenInUrl } from "../auth/token-in-url.ts";
import { createServiceContext } from "../context.ts";
import type { Actor, ServiceContext } from "../context.ts";
import { ServiceError } from "../errors.ts";

/** What of a request decides who it comes from. */
type Asking = Pick<Request, "method" | "headers" | "url">;

/** What a request brings to the procedures, whichever transport it came by. */
export type RequestContext = {
  /** Finds a failure in the log. */
  requestId: string;
  /** Who asks; asked once a request, however many procedures a batch holds. */
  authenticate: () => Promise<Actor | null>;
  openServices: (actor: Actor) => Promise<ServiceContext>;
};

/** The context of one HTTP request. Nothing is looked up before a procedure asks for it. */
export function createRequestContext(request: Asking): RequestContext {
  const requestId = randomUUID();
  let actor: Promise<Actor | null> | null = null;
  return {
    requestId,
    authenticate: () => (actor ??= authenticateRequest(request)),
    openServices: (who) => createServiceContext(who, { requestId, address: clientAddress(request.headers) }),
  };
}

/** The context of a page that is rendered for somebody who was found signed in. */
export function createPageContext(actor: Actor, headers: Headers): RequestContext {
  const requestId = randomUUID();
  return {
    requestId,
    authenticate: async () => actor,
    openServices: (who) => createServiceContext(who, { requestId, address: clientAddress(headers) }),
  };
}

/**
 * Who a request comes from, whichever transport it came by. A cookie is sent by the browser unasked, so it counts only where the
 * page is Corral's own; a token is always meant.
 * @throws ServiceError (forbidden) for a name that is not Corral's, and for a cookie that another site makes use of;
 * InvalidInputError for a token in the URL.
 */
export async function authenticateRequest(request: Asking): Promise<Actor | null> {
  const misnamed = refusalOfHost(request.headers.get("host") ?? new URL(request.url).host);
  if (misnamed !== null) throw new ServiceError("forbidden", misnamed);
  refuseTokenInUrl(request.url);
  const actor = await authenticate(request.headers);
  const refusal = actor?.kind === "user" ? refusalOfBrowser(request) : null;
  if (refusal !== null) throw new ServiceError("forbidden", refusal);
  return actor;
}

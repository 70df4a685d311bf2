import { fetchRequestHandler } from "@trpc/server/adapters/fetch";

import { appRouter } from "./app-router.ts";
import { createRequestContext } from "./request-context.ts";

/** Answers the dashboard's procedure calls under /api/trpc. */
export function handleTrpc(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: () => createRequestContext(request),
    responseMeta: () => ({ headers: { "cache-control": "no-store" } }),
  });
}

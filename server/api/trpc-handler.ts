import { fetchRequestHandler } from "@trpc/server/adapters/fetch";

import { withLogFields } from "../log.ts";
import { processMetrics } from "../metrics.ts";
import { appRouter } from "./app-router.ts";
import { createRequestContext } from "./request-context.ts";

/** Answers the dashboard's procedure calls under /api/trpc. */
export async function handleTrpc(request: Request): Promise<Response> {
  const startedAt = performance.now();
  const context = createRequestContext(request);
  const { requestId } = context;
  const response = await withLogFields({ requestId }, () =>
    fetchRequestHandler({
      endpoint: "/api/trpc",
      req: request,
      router: appRouter,
      createContext: () => context,
      responseMeta: () => ({ headers: { "cache-control": "no-store", "corral-request-id": requestId } }),
    }),
  );
  processMetrics().countRequest({ method: request.method, route: "/api/trpc", status: response.status, seconds: (performance.now() - startedAt) / 1000 });
  return response;
}

import { fetchRequestHandler } from "@trpc/server/adapters/fetch";

import { withLogFields } from "../log.ts";
import { processMetrics } from "../metrics.ts";
import { appRouter } from "./app-router.ts";
import { limitBody } from "./read-bytes.ts";
import { createRequestContext } from "./request-context.ts";

/** As much as the HTTP API takes: what the largest submit needs. */
const BODY_MAX_BYTES = 16 * 1024 * 1024;

/** Answers the dashboard's procedure calls under /api/trpc. */
export async function handleTrpc(request: Request): Promise<Response> {
  const startedAt = performance.now();
  const context = createRequestContext(request);
  const { requestId } = context;
  const response = await withLogFields({ requestId }, () =>
    fetchRequestHandler({
      endpoint: "/api/trpc",
      req: limitBody(request, BODY_MAX_BYTES),
      router: appRouter,
      createContext: () => context,
      responseMeta: () => ({ headers: { "cache-control": "no-store", "corral-request-id": requestId } }),
    }),
  );
  processMetrics().countRequest({ method: request.method, route: "/api/trpc", status: response.status, seconds: (performance.now() - startedAt) / 1000 });
  return response;
}

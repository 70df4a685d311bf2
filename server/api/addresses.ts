import { randomUUID } from "node:crypto";

import { Hono } from "hono";

import type { Role } from "../contracts/statuses.ts";
import { answerFailure } from "./answer.ts";
import { handleLiveness, handleReadiness } from "./health.ts";

type Handler = (request: Request) => Response | Promise<Response>;

type Address = {
  /** Hono's pattern. */
  path: string;
  /** Left out where every method comes in, so that a wrong one is answered in the handler's own manner. */
  method?: "GET" | "POST";
  /** Who may; of tRPC and REST each procedure says so itself. */
  role: Role | "everybody" | "tRPC" | "REST";
  handle: Handler;
};

/** Loads a handler and all that it needs when it is first asked: a web process that has just started is there sooner, and holds less until then. */
function whenAsked(load: () => Promise<Handler>): Handler {
  let loading: Promise<Handler> | null = null;
  const loadAnew = async () => {
    try {
      return await load();
    } catch (error) {
      // The next may have more luck.
      loading = null;
      throw error;
    }
  };
  return async (request) => {
    loading ??= loadAnew();
    const handle = await loading;
    return handle(request);
  };
}

/** What answers which address: all that is no page. The first that fits; a test holds each to its role. */
export const ADDRESSES: Address[] = [
  { path: "/api/v1/*", role: "REST", handle: whenAsked(async () => (await import("./rest-handler.ts")).handleRest) },
  { path: "/api/trpc/*", role: "tRPC", handle: whenAsked(async () => (await import("./trpc-handler.ts")).handleTrpc) },
  { path: "/api/live", method: "GET", role: "viewer", handle: whenAsked(async () => (await import("./live-handler.ts")).handleLive) },
  { path: "/api/dead-letters/export", method: "POST", role: "viewer", handle: whenAsked(async () => (await import("./export-handler.ts")).handleExport) },
  { path: "/api/auth/*", role: "everybody", handle: whenAsked(async () => (await import("./auth-handler.ts")).handleAuth) },
  { path: "/api/health/live", method: "GET", role: "everybody", handle: handleLiveness },
  { path: "/api/health/ready", method: "GET", role: "everybody", handle: handleReadiness },
  { path: "/metrics", method: "GET", role: "viewer", handle: whenAsked(async () => (await import("./metrics/handler.ts")).handleMetrics) },
  { path: "*", role: "viewer", handle: whenAsked(async () => (await import("./unknown-handler.ts")).handleUnknown) },
];

/** Whether a path is one of these, and no page. */
export const isApiPath = (path: string): boolean => /^\/(?:api(?:\/|$)|metrics$)/.test(path);

const router = new Hono();
router.onError((error, { req }) => answerFailure(error, { requestId: randomUUID(), path: req.path }));
for (const { path, method, handle } of ADDRESSES) {
  const answer = ({ req }: { req: { raw: Request } }) => handle(req.raw);
  if (method === undefined) router.all(path, answer);
  else router.on(method, path, answer);
}

/** Answers a request to one of them. */
export const handleApi = async (request: Request): Promise<Response> => withEnd(await router.fetch(request));

/** What is written out whole: its end is there with its bytes. A Response of a text keeps that back for some turns, and who sends it on waits for it. */
async function withEnd(response: Response): Promise<Response> {
  if (response.body === null || !WHOLE.test(response.headers.get("content-type") ?? "")) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  return new Response(body, response);
}

const WHOLE = /^application\/(problem\+)?json(;|$)/;

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

import { getRequestListener } from "@hono/node-server";
import compression from "compression";
import next from "next";

import { handleApi, isApiPath } from "../api/addresses.ts";
import { failureOf } from "../api/failure.ts";
import { problemResponse } from "../api/problem.ts";
import { processEnd } from "../api/process-end.ts";
import { notePeerAddress } from "../auth/client-address.ts";
import { log } from "../log.ts";
import { setSecurityHeaders } from "./security-headers.ts";

export type WebServer = {
  /** @throws what Node.js says of an address that can't be listened on */
  listen: () => Promise<void>;
  /** Takes no new connections, and resolves once all have ended. */
  close: () => Promise<void>;
};

/**
 * The one door of the web process: what is no page is answered by server/api without a detour through Next.js, which cost each request
 * 2 ms; pages are Next.js's.
 */
export async function createWebServer({ host, port, dev }: { host: string; port: number; dev: boolean }): Promise<WebServer> {
  const server = createServer();
  const app = next({ dev, hostname: host, port, httpServer: server, quiet: true });
  await app.prepare();
  const handlePage = app.getRequestHandler();
  const answerApi = getRequestListener(handleApi, { overrideGlobalObjects: false, errorHandler: refuseUnreadable });
  // Its types are Express's, of which it needs nothing.
  const compress = compression() as unknown as (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

  server.on("request", (request, response) => {
    notePeerAddress(request);
    // A connection that is kept alive and asked on again and again would hold the process for ever.
    if (processEnd().aborted) response.setHeader("connection", "close");
    const isPage = !isApiPath(pathOf(request));
    setSecurityHeaders(response, { isPage });
    if (isPage) return void handlePage(request, response).catch((error: unknown) => giveUp(error, response));
    return compress(request, response, () => void answerApi(request, response));
  });

  return {
    listen: async () => {
      server.listen(port, host);
      await once(server, "listening");
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    },
  };
}

/** The path as it was asked for, without its query; proxies may ask by a whole URL. */
function pathOf({ url = "/" }: IncomingMessage): string {
  const target = url.startsWith("/") || !URL.canParse(url) ? url : new URL(url).pathname;
  return target.split("?", 1)[0] ?? target;
}

/** For a request that can't even be read as one: a Host or an address that is none. */
const refuseUnreadable = (): Response =>
  problemResponse(failureOf("bad_request", "The address or the Host header of the request can't be read."), { requestId: randomUUID(), path: "/" });

function giveUp(error: unknown, response: ServerResponse): void {
  log.error({ err: error }, "a page failed through our own fault");
  if (!response.headersSent) response.writeHead(500);
  response.end();
}

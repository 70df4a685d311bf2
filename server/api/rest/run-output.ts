import { z } from "@hono/zod-openapi";

import { RequestRefused } from "../failure.ts";
import { actorStream } from "../actor-stream.ts";
import type { StreamMessage } from "../event-stream.ts";
import { processEnd } from "../process-end.ts";
import type { RequestContext } from "../request-context.ts";
import { createInProcessCaller } from "../routers/in-process.ts";
import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { readQuery } from "./read-request.ts";
import { IdParameter, OutputChunk, problems } from "./schemas.ts";

const outputQuery = z.object({
  attempt: z.coerce.number().int().optional().describe("The last attempt if left out"),
  stream: z.enum(["stdout", "stderr", "all"]).optional().describe("Default: all"),
  format: z.enum(["raw", "ndjson"]).optional().describe("The bytes as printed (default), or one JSON object a piece"),
  after: z.coerce.number().int().optional().describe("With ndjson: only pieces with a higher sequence number"),
});

/** /runs/{id}/output and /runs/{id}/events. */
export function serveRunOutput(app: RestApp): void {
  serve(app, {
    method: "get",
    role: "viewer",
    path: "/runs/{id}/output",
    summary: "Read what an attempt printed",
    request: { params: IdParameter, query: outputQuery },
    responses: {
      200: {
        description: "The output so far.",
        content: { "text/plain": { schema: z.string() }, "application/x-ndjson": { schema: OutputChunk } },
      },
      ...problems(400, 404),
    },
    handle: async (c) => {
      const { format = "raw", ...query } = readQuery(c);
      const wanted = { ...query, id: c.req.param("id") ?? "" };
      if (format === "raw") return streamed(await firstRead(await call(c.var.inProcess.rawOutput, wanted)), "text/plain; charset=utf-8");
      if (format === "ndjson") return streamed(await firstRead(lines(c, wanted)), "application/x-ndjson");
      throw new RequestRefused("invalid_input", "format: must be raw or ndjson", [{ path: "format", message: "must be raw or ndjson" }]);
    },
  });

  serve(app, {
    method: "get",
    role: "viewer",
    path: "/runs/{id}/events",
    summary: "Watch a run until it has ended",
    description: "Server-Sent Events: `status`, `attempt`, `output`, `usage`. Each has an id; Last-Event-ID goes on right after it.",
    request: { params: IdParameter, headers: z.object({ "last-event-id": z.string().optional() }) },
    responses: { 200: { description: "The stream.", content: { "text/event-stream": { schema: z.string() } } }, ...problems(404) },
    handle: async (c) => {
      const id = c.req.param("id") ?? "";
      // Refused before the stream begins: there is no status line any more afterwards.
      await c.var.caller.runs.get({ id });
      const lastEventId = c.req.header("last-event-id");
      const { request } = c.var;
      const actor = await request.authenticate();
      if (actor === null) throw new RequestRefused("unauthenticated", "Send a valid token: Authorization: Bearer <token>.");
      return actorStream(c.req.raw, actor, {
        sources: [(signal) => events(request, { id, lastEventId }, signal)],
        signal: AbortSignal.any([c.req.raw.signal, processEnd()]),
        requestId: request.requestId,
      });
    },
  });
}

async function* events(request: RequestContext, wanted: { id: string; lastEventId?: string | undefined }, signal: AbortSignal): AsyncGenerator<StreamMessage> {
  yield* await createInProcessCaller(request, { signal }).events(wanted);
}

async function* lines(c: RestContext, wanted: Record<string, unknown>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let after = wanted["after"];
  for (;;) {
    const page = await call(c.var.caller.runs.output, { ...wanted, ...(after === undefined ? {} : { after }) });
    for (const chunk of page.chunks) yield encoder.encode(`${JSON.stringify({ attempt: page.attempt, ...chunk })}\n`);
    if (page.nextAfter === null) return;
    after = page.nextAfter;
  }
}

/** Reads the first piece, so that what is refused (no such run) is refused with a status. */
async function firstRead(source: AsyncIterable<Uint8Array>): Promise<AsyncIterator<Uint8Array>> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  let given = false;
  return {
    next: () => {
      if (given) return iterator.next();
      given = true;
      return Promise.resolve(first);
    },
    return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
}

function streamed(iterator: AsyncIterator<Uint8Array>, contentType: string): Response {
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  return new Response(body, { headers: { "content-type": contentType, "cache-control": "no-store", "x-content-type-options": "nosniff" } });
}

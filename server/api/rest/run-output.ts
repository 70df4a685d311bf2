import { z } from "@hono/zod-openapi";

import { attemptSchema, usageSampleSchema } from "../../contracts/runs.ts";
import { RequestRefused } from "../failure.ts";
import { actorStream } from "../actor-stream.ts";
import type { StreamMessage } from "../event-stream.ts";
import { processEnd } from "../process-end.ts";
import type { RequestContext } from "../request-context.ts";
import { createInProcessCaller } from "../routers/in-process.ts";
import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { pathParameter, readHeader, readQuery } from "./read-request.ts";
import { IdParameter, OutputChunk, Run } from "./schemas.ts";

const outputQuery = z.object({
  attempt: z.int().min(1).optional().describe("The last attempt if left out"),
  stream: z.enum(["stdout", "stderr", "all"]).optional().describe("`all` if left out: both in the order they were printed"),
  format: z.enum(["raw", "ndjson"]).optional().describe("The bytes as printed (`raw`, if left out), or one JSON object a piece"),
  after: z.int().min(0).optional().describe("Only pieces with a higher sequence number"),
});

/** A line of the ndjson. */
const OutputLine = OutputChunk.extend({ attempt: z.int() }).meta({ id: "OutputLine" });

const RunEvent = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("status"), run: Run }),
    z.object({ type: z.literal("attempt"), attempt: attemptSchema }),
    z.object({ type: z.literal("output"), attempt: z.int(), chunks: z.array(OutputChunk) }),
    z.object({ type: z.literal("usage"), attempt: z.int(), samples: z.array(usageSampleSchema.meta({ id: "UsageSample" })) }),
  ])
  .meta({ id: "RunEvent", description: "One event of the stream; its `type` is also the event's name" });

const LAST_EVENT_ID = /^(\d{1,9}\.\d{1,9})?$/;

/** /runs/{id}/output and /runs/{id}/events. */
export function serveRunOutput(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/runs/{id}/output",
    operationId: "readRunOutput",
    tag: "Runs",
    role: "viewer",
    summary: "Read what an attempt printed",
    params: IdParameter,
    query: outputQuery,
    answers: {
      200: {
        description: "The output so far.",
        content: { "text/plain": { schema: z.string() }, "application/x-ndjson": { schema: OutputLine } },
      },
    },
    problems: [404],
    handle: async (c) => {
      const { format = "raw", ...query } = readQuery(c);
      const wanted = { ...query, id: pathParameter(c, "id") };
      if (format === "raw") return streamed(c, await firstRead(await call(c.var.inProcess.rawOutput, wanted)), "text/plain; charset=utf-8");
      if (format === "ndjson") return streamed(c, await firstRead(lines(c, wanted)), "application/x-ndjson");
      throw new RequestRefused("invalid_input", "format: must be raw or ndjson", [{ path: "format", message: "must be raw or ndjson" }]);
    },
  });

  serve(app, {
    method: "get",
    path: "/runs/{id}/events",
    operationId: "followRun",
    tag: "Runs",
    role: "viewer",
    summary: "Follow a run until it has ended",
    description:
      "Server-Sent Events: `status`, `attempt`, `output`, `usage`. Each has an id; after a break send the last one as Last-Event-ID, and the stream goes on right after it, without a hole or a repeat.",
    params: IdParameter,
    headers: z.object({ "Last-Event-ID": z.string().optional().describe("The id of the last event that was received") }),
    answers: { 200: { description: "The stream.", content: { "text/event-stream": { schema: RunEvent } } } },
    problems: [404],
    handle: async (c) => {
      const id = pathParameter(c, "id");
      const given = readHeader(c, "Last-Event-ID", LAST_EVENT_ID, "must be the id of an event of this stream");
      // Refused before the stream begins: there is no status line any more afterwards.
      await c.var.caller.runs.get({ id });
      const lastEventId = given === "" ? undefined : given;
      const { request } = c.var;
      const left = isHead(c) ? AbortSignal.abort() : c.req.raw.signal;
      const actor = await request.authenticate();
      if (actor === null) throw new RequestRefused("unauthenticated", "Send a valid token: Authorization: Bearer <token>.");
      return actorStream(c.req.raw, actor, {
        sources: [(signal) => events(request, { id, lastEventId }, signal)],
        signal: AbortSignal.any([left, processEnd()]),
        requestId: request.requestId,
      });
    },
  });
}

/** Asked for the headers alone: nobody reads a body. */
const isHead = ({ req }: RestContext) => req.raw.method === "HEAD";

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

function streamed(c: RestContext, iterator: AsyncIterator<Uint8Array>, contentType: string): Response {
  const headers = { "content-type": contentType, "cache-control": "no-store", "x-content-type-options": "nosniff" };
  if (isHead(c)) {
    void iterator.return?.();
    return new Response(null, { headers });
  }
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
  return new Response(body, { headers });
}

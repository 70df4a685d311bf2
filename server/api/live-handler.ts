import { clientAddress } from "../auth/client-address.ts";
import { createServiceContext } from "../context.ts";
import type { ServiceContext } from "../context.ts";
import { NotFoundError, ServiceError } from "../errors.ts";
import { listEvents, requireHearing } from "../live/list-events.ts";
import { runEvents } from "../live/run-events.ts";
import { actorStream } from "./actor-stream.ts";
import { answering } from "./answer.ts";
import type { EventStreamOptions, StreamMessage } from "./event-stream.ts";
import { processEnd } from "./process-end.ts";
import { authenticateRequest } from "./request-context.ts";

/** A page that hears nothing for a few of these knows that its stream is dead, however alive the connection looks. */
const HEARTBEAT_MS = 5_000;
/** A page is sent so much output at once; what a script prints faster it reads when it is looked at. */
const SKIP_BEYOND_BYTES = 128 * 1024;

/** Answers /api/live: a tab's one stream. What changes in lists always; with ?run=<id>&after=<attempt.seq> that run's events. */
export const handleLive = answering(async (request, requestId) => {
  const actor = await authenticateRequest(request);
  if (actor === null) throw new ServiceError("unauthenticated", "Sign in to watch.");
  const ctx = await createServiceContext(actor, { requestId, address: clientAddress(request.headers) });
  await requireHearing(ctx);
  const { searchParams } = new URL(request.url);
  const run = searchParams.get("run");
  const sources: EventStreamOptions["sources"] = [(signal) => listEvents(ctx, { signal })];
  if (run !== null) sources.push((signal) => oneRun(ctx, { id: run, lastEventId: searchParams.get("after") ?? undefined, signal }));
  return actorStream(request, actor, {
    sources,
    signal: AbortSignal.any([request.signal, processEnd()]),
    requestId,
    heartbeatMs: HEARTBEAT_MS,
    heartbeat: "event: alive\ndata: {}\n\n",
  });
});

/** A page may show a run that doesn't exist (any more); the rest of its stream goes on. */
async function* oneRun(ctx: ServiceContext, wanted: Parameters<typeof runEvents>[1]): AsyncGenerator<StreamMessage> {
  try {
    yield* runEvents(ctx, { ...wanted, untilEnd: false, skipBeyondBytes: SKIP_BEYOND_BYTES });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

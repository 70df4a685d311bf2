import { log } from "../log.ts";
import { pacedBody } from "./paced-body.ts";

/** One message of a Server-Sent Events stream. */
export type StreamMessage = { id?: string; event: { type: string } };

export type EventStreamOptions = {
  /** What to send; each source ends when its signal is aborted. The stream ends when all have ended. */
  sources: ((signal: AbortSignal) => AsyncIterable<StreamMessage>)[];
  /** Its client has gone, or the process is to end. */
  signal: AbortSignal;
  requestId: string;
  /** Asked once a minute, and when `watchAccess` calls back; false ends the stream. */
  stillAllowed: () => Promise<boolean>;
  /** Calls back whenever somebody may do less than before, until it is closed. */
  watchAccess?: (onChange: () => void) => Promise<{ close: () => Promise<void> }>;
  heartbeatMs?: number;
  /** What a heartbeat is: a comment, which browsers do not show to pages, unless they have to notice its absence. */
  heartbeat?: string;
  recheckMs?: number;
};

const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 60_000;
/** When to come back after a break, for clients that leave it to the protocol. */
const RECONNECT_MS = 2_000;

const encoder = new TextEncoder();

function format({ id, event }: StreamMessage): Uint8Array {
  return encoder.encode(`${id === undefined ? "" : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

const formatted = new WeakMap<StreamMessage, Uint8Array>();

/** What changes in lists is one message to all who watch: it is written out once. What has an id is one watcher's own. */
function formatOnce(message: StreamMessage): Uint8Array {
  if (message.id !== undefined) return format(message);
  let bytes = formatted.get(message);
  if (bytes === undefined) formatted.set(message, (bytes = format(message)));
  return bytes;
}

/**
 * Answers with a stream of events. A client that reads slowly slows its sources down instead of filling memory; one
 * that goes ends them.
 */
export function eventStream({
  sources,
  signal,
  requestId,
  stillAllowed,
  watchAccess,
  heartbeatMs = HEARTBEAT_MS,
  heartbeat: alive = ": alive\n\n",
  recheckMs = RECHECK_MS,
}: EventStreamOptions): Response {
  const ended = new AbortController();
  const end = () => ended.abort();
  const body = pacedBody(ended.signal, end);
  signal.addEventListener("abort", end);
  if (signal.aborted) end();

  body.write(encoder.encode(`retry: ${RECONNECT_MS}\n\n`));
  const beat = encoder.encode(alive);
  const heartbeat = setInterval(() => {
    // Whoever has not taken what came before needs no sign of life.
    if (body.hasRoom()) body.write(beat);
  }, heartbeatMs);
  const ask = () =>
    void stillAllowed().then(
      (allowed) => {
        if (!allowed) end();
      },
      // The database is away: who was allowed a minute ago still is.
      () => undefined,
    );
  const recheck = setInterval(ask, recheckMs);
  const watch = watchAccess?.(ask).catch((error: unknown) =>
    log.warn({ err: error, requestId }, "an event stream can't hear of access; it asks once a minute"),
  );

  const pump = async (source: EventStreamOptions["sources"][number]) => {
    for await (const message of source(ended.signal)) {
      if (!body.hasRoom()) await body.untilRoom();
      if (ended.signal.aborted) return;
      body.write(formatOnce(message));
    }
  };

  void Promise.all(sources.map(pump))
    .catch((error: unknown) => {
      // A break ends the stream; the client comes back with its last id and misses nothing.
      if (!ended.signal.aborted) log.warn({ err: error, requestId }, "an event stream broke off");
    })
    .finally(() => {
      clearInterval(heartbeat);
      clearInterval(recheck);
      void watch?.then((watching) => watching?.close());
      signal.removeEventListener("abort", end);
      end();
      body.close();
    });

  return new Response(body.readable, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "corral-request-id": requestId,
    },
  });
}

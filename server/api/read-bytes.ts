import { formatBytes } from "../contracts/units.ts";
import { RequestRefused } from "./failure.ts";

/** Somebody who sends nothing for so long, or takes longer than that in all, only holds a connection. */
export const BODY_IDLE_MS = 10_000;
const BODY_MOST_MS = 120_000;
/** So little needs no pause at all: it must come within the time of one. */
const SMALL_BYTES = 8 * 1024;

/** A request's body. @throws RequestRefused when it is larger than `most` bytes, or comes too slowly. */
export async function readBytes(request: Request, most: number, { idleMs = BODY_IDLE_MS, mostMs = BODY_MOST_MS } = {}): Promise<Uint8Array> {
  const told = request.headers.get("content-length");
  if (Number(told ?? 0) > most) throw tooLarge(most);
  // A stream is not worth making for a few packets; the server lets no more bytes come than were told of.
  if (told !== null && Number(told) <= SMALL_BYTES) return new Uint8Array(await within(idleMs, request.arrayBuffer()));
  if (request.body === null) return new Uint8Array();
  const deadline = performance.now() + mostMs;
  const reader = request.body.getReader();
  // The header may lie or be absent: what arrives is counted.
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await within(Math.min(idleMs, deadline - performance.now()), reader.read());
      if (done) return Buffer.concat(parts);
      bytes += value.byteLength;
      if (bytes > most) throw tooLarge(most);
      parts.push(value);
    }
  } catch (error) {
    // Nothing more is read; whether it can still be told so is no matter.
    reader.cancel().catch(() => undefined);
    throw error;
  }
}

/** The request as it is, but that its body fails (RequestRefused) after `most` bytes: for who reads it by themselves. */
export function limitBody(request: Request, most: number): Request {
  if (request.body === null) return request;
  let bytes = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform: (part, controller) => {
      bytes += part.byteLength;
      if (bytes > most) controller.error(tooLarge(most));
      else controller.enqueue(part);
    },
  });
  const { method, headers, signal, url } = request;
  const counted: RequestInit & { duplex: "half" } = { method, headers, signal, body: request.body.pipeThrough(counting), duplex: "half" };
  // By its address: a server's requests are no Requests inside.
  return new Request(url, counted);
}

const tooLarge = (most: number) => new RequestRefused("payload_too_large", `The body is larger than ${formatBytes(most)}.`);

async function within<T>(ms: number, reading: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new RequestRefused("request_timeout", "The body came too slowly. Send it again, without pauses.")),
    Math.max(0, ms),
  );
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

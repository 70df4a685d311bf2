import { request } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";

/** A browser's stream, as far as a benchmark looks at it. */
export type WatchedStream = {
  /** When each id was first seen, milliseconds of performance.now(). */
  seen: Map<string, number>;
  close: () => void;
};

const IDS = /"id":"([0-9a-f-]{36})"/g;
/** An id that is cut off at the end of a piece is found with the next. */
const CUT_CHARS = 64;

/** Opens an event stream and resolves once the first bytes have come. @throws when it is refused */
export async function watchStream(url: string, headers: Record<string, string>, gzip: boolean): Promise<WatchedStream> {
  const seen = new Map<string, number>();
  let asked: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked = request(url, { agent: false, headers: { ...headers, accept: "text/event-stream", "accept-encoding": gzip ? "gzip" : "identity" } }, resolve);
    asked.once("error", reject);
    asked.end();
  });
  if (response.statusCode !== 200) throw new Error(`${url} is answered with ${response.statusCode}.`);
  const body = response.headers["content-encoding"] === "gzip" ? response.pipe(createGunzip()) : response;
  let rest = "";
  const began = new Promise<void>((resolve) => body.once("data", () => resolve()));
  body.on("data", (piece: Buffer) => {
    const now = performance.now();
    const text = rest + piece.toString("latin1");
    for (const [, id] of text.matchAll(IDS)) if (id !== undefined && !seen.has(id)) seen.set(id, now);
    rest = text.slice(-CUT_CHARS);
  });
  // It is ended from this side, in the middle.
  body.on("error", () => undefined);
  await began;
  return { seen, close: () => asked?.destroy() };
}

import { clientAddress } from "../auth/client-address.ts";
import { createServiceContext } from "../context.ts";
import { exportDeadLettersSchema } from "../contracts/dead-letters.ts";
import { exportDeadLetters } from "../dead-letters/export-dead-letters.ts";
import { EXPORTS } from "../dead-letters/format-export.ts";
import { ServiceError } from "../errors.ts";
import { log } from "../log.ts";
import { answering } from "./answer.ts";
import { RequestRefused } from "./failure.ts";
import { input } from "./input.ts";
import { readBytes } from "./read-bytes.ts";
import { authenticateRequest } from "./request-context.ts";

/** Ten thousand ids and what else a selection holds. */
const BODY_MAX_BYTES = 1024 * 1024;

/** Answers /api/dead-letters/export: the selected dead letters as a file, written while they are read. */
export const handleExport = answering(async (request, requestId) => {
  const actor = await authenticateRequest(request);
  if (actor === null) throw new ServiceError("unauthenticated", "Sign in to export.");
  const { format, ...selection } = input(exportDeadLettersSchema).parse(await readJson(request));
  const ctx = await createServiceContext(actor, { requestId, address: clientAddress(request.headers) });
  const { contentType, head, batch, tail } = EXPORTS[format];
  const encoder = new TextEncoder();

  async function* write(): AsyncGenerator<Uint8Array> {
    yield encoder.encode(head);
    let isFirst = true;
    for await (const runs of exportDeadLetters(ctx, selection)) {
      yield encoder.encode(batch(runs, isFirst));
      isFirst = false;
    }
    yield encoder.encode(tail);
  }
  // What breaks on the way breaks the download: a file that only looks whole would be believed.
  const pieces = write();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const piece = await pieces.next();
        if (piece.done === true) controller.close();
        else controller.enqueue(piece.value);
      } catch (error) {
        log.warn({ err: error, requestId }, "an export broke off");
        controller.error(error);
      }
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  return new Response(body, {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="dead-letters-${stamp}.${format}"`,
      "cache-control": "no-store",
      "corral-request-id": requestId,
    },
  });
});

async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request, BODY_MAX_BYTES);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    throw new RequestRefused("bad_request", "The body can't be read as JSON.");
  }
}

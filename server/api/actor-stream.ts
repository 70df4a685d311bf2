import type { Actor } from "../context.ts";
import { database } from "../db/client.ts";
import { subscribe } from "../live/notices.ts";
import { eventStream } from "./event-stream.ts";
import type { EventStreamOptions } from "./event-stream.ts";
import { authenticateRequest } from "./request-context.ts";

/**
 * A stream of events for whoever asked, which ends as soon as they are no longer let in, or may do less: at once where a process of
 * Corral's says so, and within a minute whatever happened.
 */
export async function actorStream(
  request: Request,
  actor: Actor,
  options: Pick<EventStreamOptions, "sources" | "signal" | "requestId" | "heartbeat" | "heartbeatMs">,
): Promise<Response> {
  return eventStream({
    ...options,
    stillAllowed: async () => {
      const now = await authenticateRequest(request);
      return now !== null && now.id === actor.id && now.role === actor.role;
    },
    watchAccess: (onChange) =>
      subscribe(
        database(),
        (notice) => {
          if (notice.kind === "access") onChange();
        },
        onChange,
      ),
  });
}

import type { ServiceContext } from "../context.ts";
import type { ListEvent } from "../contracts/live.ts";
import type { Database } from "../db/client.ts";
import { ServiceError } from "../errors.ts";
import { summarizeRuns } from "../runs/summarize-runs.ts";
import { subscribe } from "./notices.ts";
import { createPaced } from "./paced.ts";
import { createWakeSignal } from "./wake-signal.ts";

/** Milliseconds between two messages of changed runs: one query and one message serve a burst, and a person sees no delay. */
const PACE_MS = 15;
/** Beyond so many rows in one burst, or events that a slow client has not taken, asking anew is cheaper. */
const ROWS_MAX = 200;
const BUFFER_MAX = 100;

/** The same object to everybody, so that it is written out once. */
type Message = { event: ListEvent };
/** Null: nothing is heard any more. */
type Receive = (message: Message | null) => void;

/** One reader a process for all its streams: every change is read once, however many browsers watch. */
type Broadcast = { receivers: Set<Receive>; ready: Promise<unknown> };

const broadcasts = new WeakMap<Database, Broadcast>();

function broadcastOf(database: Database): Broadcast {
  const existing = broadcasts.get(database);
  if (existing !== undefined) return existing;
  const receivers = new Set<Receive>();
  const sendAll = (message: Message | null) => {
    for (const receive of receivers) receive(message);
  };
  const send = (event: ListEvent) => sendAll({ event });
  const changed = createPaced(async (ids: string[]) => {
    if (receivers.size === 0) return;
    if (ids.length > ROWS_MAX) return send({ type: "refresh" });
    try {
      send({ type: "runs", runs: await summarizeRuns(database, ids) });
    } catch {
      // The database is away. When it is back the listener heals, and everybody is told to ask anew.
    }
  }, PACE_MS);
  const ready = subscribe(
    database,
    (notice) => {
      if (notice.kind === "run") changed(notice.ids);
      else if (notice.kind === "worker") send({ type: "workers" });
      else if (notice.kind === "settings") send({ type: "settings", version: notice.version });
      else if (notice.kind === "dead-letter-groups") send({ type: "dead-letter-groups" });
      else if (notice.kind === "bulk-operation") send({ type: "bulk-operation", id: notice.id });
    },
    () => send({ type: "refresh" }),
    () => sendAll(null),
  );
  const broadcast = { receivers, ready };
  broadcasts.set(database, broadcast);
  return broadcast;
}

/** Waits until changes are heard. @throws ServiceError when they can't be, because the database is away */
export async function requireHearing({ database }: ServiceContext): Promise<void> {
  await broadcastOf(database).ready;
  if (!database.listener.isConnected()) throw away();
}

const away = () => new ServiceError("unavailable", "The database can't be reached. Try again in a moment.");

/**
 * What changes anywhere, for pages that show lists. A client that does not read is told to ask anew instead of piling up.
 * @throws ServiceError when the database goes away: who watches must not believe that nothing happens
 */
export async function* listEvents(ctx: ServiceContext, { signal }: { signal: AbortSignal }): AsyncGenerator<Message> {
  const { receivers, ready } = broadcastOf(ctx.database);
  const wakes = createWakeSignal();
  let buffer: Message[] = [];
  let isLost = false;
  const receive: Receive = (message) => {
    if (message === null) isLost = true;
    else if (buffer.length >= BUFFER_MAX) buffer = [{ event: { type: "refresh" } }];
    else buffer.push(message);
    wakes.wake();
  };
  receivers.add(receive);
  signal.addEventListener("abort", wakes.wake);
  try {
    await ready;
    if (!ctx.database.listener.isConnected()) isLost = true;
    while (!signal.aborted) {
      if (isLost) throw away();
      const messages = buffer;
      buffer = [];
      yield* messages;
      if (buffer.length === 0) await wakes.next();
    }
  } finally {
    receivers.delete(receive);
    signal.removeEventListener("abort", wakes.wake);
  }
}

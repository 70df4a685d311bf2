import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import type { Fault, Round } from "../round.ts";
import { KINDS, prepare } from "../workload.ts";

// Those who call, and go away.

type Followed = { text: string; ids: string[]; lastId: string | null; isOver: boolean };

/** Reads a run's events from where it stopped before, until they end or the signal cuts it off. */
async function follow({ rig }: Round, id: string, followed: Followed, signal: AbortSignal) {
  const response = await fetch(`${rig.api.url}/api/v1/runs/${id}/events`, {
    headers: { authorization: `Bearer ${rig.api.token}`, ...(followed.lastId === null ? {} : { "last-event-id": followed.lastId }) },
    signal,
  });
  if (!response.ok || response.body === null) {
    await delay(100);
    return;
  }
  let buffered = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    buffered += piece;
    for (let end = buffered.indexOf("\n\n"); end >= 0; end = buffered.indexOf("\n\n")) {
      take(buffered.slice(0, end), followed);
      buffered = buffered.slice(end + 2);
    }
  }
}

function take(message: string, followed: Followed) {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(message)?.[1];
  const data = field("data");
  if (data === undefined) return;
  const event = JSON.parse(data) as { chunks?: { seq: number; text: string }[]; attempt?: number; run?: { finishedAt: string | null } };
  for (const { seq, text } of event.chunks ?? []) {
    followed.ids.push(`${String(event.attempt)}.${seq}`);
    followed.text += text;
  }
  followed.lastId = field("id") ?? followed.lastId;
  followed.isOver ||= event.run !== undefined && event.run.finishedAt !== null;
}

const FOLLOWED_MS = 60_000;
const PATIENCE_MOST = 20;

const watcherDropped: Fault = {
  number: 34,
  name: "watcher-dropped",
  title: "a watcher's connection drops, and the web process restarts",
  shows: "the stream goes on without gap or repeat",
  inject: async (round) => {
    const { rig, random } = round;
    const id = await round.submit("lines");
    const followed: Followed = { text: "", ids: [], lastId: null, isOver: false };
    const restart = (async () => {
      await round.pause(50, 700);
      rig.web.signal(random.pick(["SIGKILL", "SIGTERM"] as const));
    })();
    // A connection that brought nothing is given longer the next time: how soon the first piece comes is the machine's to say.
    let patience = 1;
    for (const deadline = performance.now() + FOLLOWED_MS; !followed.isOver && performance.now() < deadline;) {
      const before = followed.ids.length;
      try {
        await follow(round, id, followed, AbortSignal.timeout(Math.round(random.between(20, 400) * patience)));
      } catch (error) {
        // Dropped by us, or the web process is away.
        if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
        await delay(20);
      }
      patience = followed.ids.length > before ? 1 : Math.min(PATIENCE_MOST, patience * 1.5);
    }
    await restart;
    if (new Set(followed.ids).size !== followed.ids.length) round.violation("a piece of output came twice");
    if (followed.text !== KINDS.lines.stdout) round.violation(`the watcher has ${followed.text.length} characters of ${KINDS.lines.stdout.length}`);
  },
};

const residentBytes = (pid: number | null) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(pid === null ? "" : readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
/** What would be held if nothing held the sources back is several times this. */
const GROWTH_BYTES = 350 * 1024 ** 2;
const DEAF = 24;

const deafWatchers: Fault = {
  number: 35,
  name: "deaf-watchers",
  title: "watchers that never read",
  shows: "the web process's memory stays bounded; others are served",
  inject: async (round) => {
    const { rig } = round;
    const before = residentBytes(rig.web.pid());
    const id = await round.submit("flood", { changes: { limits: { outputMaxBytes: 16 * 1024 ** 2 } } });
    const { hostname, port } = new URL(rig.api.url);
    const sockets = Array.from({ length: DEAF }, () => {
      const socket = connect(Number(port), hostname);
      socket.on("error", () => undefined);
      socket.pause();
      socket.write(`GET /api/v1/runs/${id}/events HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${rig.api.token}\r\n\r\n`);
      return socket;
    });
    await round.pause(2_500, 4_000);
    const { status } = await rig.api.send("GET", "/runs");
    if (status !== 200) round.violation(`the list is answered with ${status}`);
    const grown = residentBytes(rig.web.pid()) - before;
    round.measure("grownMiB", Math.round(grown / 1024 ** 2));
    if (grown > GROWTH_BYTES) round.violation(`the web process grew by ${grown} bytes`);
    for (const socket of sockets) socket.destroy();
  },
};

const callerGone: Fault = {
  number: 36,
  name: "caller-gone",
  title: "the caller of /execute goes away",
  shows: "its run is cancelled, or goes on, as onDisconnect says",
  inject: async (round) => {
    const { rig, random } = round;
    for (const onDisconnect of ["cancel", "continue"] as const) {
      const submission = prepare(onDisconnect === "cancel" ? "abandoned" : "long", round.tag, random);
      const gone = AbortSignal.timeout(Math.round(random.between(50, 1_200)));
      try {
        await rig.api.send("POST", `/execute?onDisconnect=${onDisconnect}`, {
          body: submission.body,
          headers: { "idempotency-key": submission.key },
          signal: gone,
        });
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
      // Never acknowledged: there may be a run of it or, where its request was not read before it was gone, none.
      round.submissions.push(submission);
    }
  },
};

export const CLIENT_FAULTS: Fault[] = [watcherDropped, deafWatchers, callerGone];

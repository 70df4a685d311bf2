import type { ServiceContext } from "../context.ts";
import type { BehindEvent, RunEvent } from "../contracts/live.ts";
import type { Run } from "../contracts/runs.ts";
import { isEnded } from "../contracts/statuses.ts";
import { getRun } from "../runs/get-run.ts";
import { findOutputBeyond } from "../runs/find-output-beyond.ts";
import { readOutput } from "../runs/read-output.ts";
import { readUsage } from "../runs/read-usage.ts";
import { subscribe } from "./notices.ts";
import { createWakeSignal } from "./wake-signal.ts";

export type RunEventsInput = {
  id: string;
  /** `<attempt>.<seq>` of the last output the client has; it goes on right after. */
  lastEventId?: string | undefined;
  signal: AbortSignal;
  /** Ends the stream once the run has ended and all its output was sent; a page that stays open keeps it. */
  untilEnd?: boolean;
  /** When more output than so many bytes waits, a `behind` event takes its place. */
  skipBeyondBytes?: number;
};

type Cursor = { attempt: number; seq: number; usageMs: number };

function parseCursor(lastEventId: string | undefined): Cursor {
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(lastEventId ?? "");
  return { attempt: Math.max(1, Number(match?.[1] ?? 1)), seq: Number(match?.[2] ?? 0), usageMs: -1 };
}

/**
 * A run's changes as they happen: where it stands now, then every status, attempt, piece of output and sample. Notices
 * only say when to look; what is sent is read from the tables by cursor, so nothing is missed or sent twice.
 * @throws NotFoundError, at the first read.
 */
export async function* runEvents(
  ctx: ServiceContext,
  { id, lastEventId, signal, untilEnd = true, skipBeyondBytes }: RunEventsInput,
): AsyncGenerator<{ id: string; event: RunEvent | BehindEvent }> {
  const wakes = createWakeSignal();
  const subscription = await subscribe(
    ctx.database,
    (notice) => {
      const mine = "ids" in notice ? notice.ids.includes(id) : "runId" in notice && notice.runId === id;
      if (mine) wakes.wake();
    },
    wakes.wake,
  );
  signal.addEventListener("abort", wakes.wake);
  const cursor = parseCursor(lastEventId);
  let sentRun = "";
  const sentAttempts = new Map<number, string>();
  const eventId = () => `${cursor.attempt}.${cursor.seq}`;
  try {
    while (!signal.aborted) {
      // The run is read before its output: an attempt seen as finished has all its output stored.
      const run = await getRun(ctx, { id, include: [] });
      for (const attempt of run.attempts) {
        const version = JSON.stringify(attempt);
        if (sentAttempts.get(attempt.number) === version) continue;
        sentAttempts.set(attempt.number, version);
        yield { id: eventId(), event: { type: "attempt", attempt } };
      }
      yield* outputSince(ctx, run, cursor, skipBeyondBytes);
      const version = JSON.stringify(run);
      if (version !== sentRun) {
        sentRun = version;
        yield { id: eventId(), event: { type: "status", run } };
      }
      if (untilEnd && isEnded(run.status)) return;
      await wakes.next();
    }
  } finally {
    signal.removeEventListener("abort", wakes.wake);
    await subscription.close();
  }
}

async function* outputSince(
  ctx: ServiceContext,
  run: Run,
  cursor: Cursor,
  skipBeyondBytes: number | undefined,
): AsyncGenerator<{ id: string; event: RunEvent | BehindEvent }> {
  while (run.attempts.some((attempt) => attempt.number === cursor.attempt)) {
    const finished = run.attempts.some((attempt) => attempt.number === cursor.attempt && attempt.status === "finished");
    const { samples } = await readUsage(ctx, { id: run.id, attempt: cursor.attempt, afterMs: cursor.usageMs });
    const last = samples.at(-1);
    if (last !== undefined) {
      cursor.usageMs = last.atMs;
      yield { id: `${cursor.attempt}.${cursor.seq}`, event: { type: "usage", attempt: cursor.attempt, samples } };
    }
    const behind =
      skipBeyondBytes === undefined ? null : await findOutputBeyond(ctx, { id: run.id, attempt: cursor.attempt, after: cursor.seq, bytes: skipBeyondBytes });
    if (behind !== null) {
      cursor.seq = behind.seq;
      yield { id: `${cursor.attempt}.${cursor.seq}`, event: { type: "behind", attempt: cursor.attempt, ...behind } };
    }
    for (;;) {
      const page = await readOutput(ctx, { id: run.id, attempt: cursor.attempt, stream: "all", after: cursor.seq });
      const lastChunk = page.chunks.at(-1);
      if (lastChunk === undefined) break;
      cursor.seq = lastChunk.seq;
      yield { id: `${cursor.attempt}.${cursor.seq}`, event: { type: "output", attempt: cursor.attempt, chunks: page.chunks } };
      if (page.nextAfter === null) break;
    }
    if (!finished) return;
    if (!run.attempts.some((attempt) => attempt.number === cursor.attempt + 1)) return;
    cursor.attempt += 1;
    cursor.seq = 0;
    cursor.usageMs = -1;
  }
}

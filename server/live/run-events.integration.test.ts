import { afterAll, beforeAll, expect, test } from "vitest";

import type { BehindEvent, RunEvent } from "../contracts/live.ts";
import { appendOutput } from "../runs/append-output.ts";
import type { Lease } from "../runs/lease-runs.ts";
import { waitForRun } from "../runs/wait-for-run.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { listEvents, requireHearing } from "./list-events.ts";
import { runEvents } from "./run-events.ts";

let ctx: TestContext;

beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());

const print = (lease: Lease, ...seqs: number[]) =>
  appendOutput(
    ctx.database,
    lease,
    seqs.map((seq) => ({ seq, stream: "stdout" as const, at: new Date(), bytes: Buffer.from(`line ${seq}\n`), droppedBytes: null })),
  );

const leased = async (id: string) => {
  const lease = (await ctx.lease(10)).find((candidate) => candidate.runId === id);
  if (lease === undefined) throw new Error("The run was not due.");
  return lease;
};

const texts = (events: (RunEvent | BehindEvent)[]) =>
  events.flatMap((event) => (event.type === "output" ? event.chunks.map((chunk) => `${event.attempt}:${chunk.seq}`) : []));

test("a stream that breaks anywhere resumes without a gap or a repeat, over attempts", async () => {
  const id = await ctx.submit({ retry: { maxRetries: 1, delayMs: 0, maxDelayMs: 0 } });
  const first = await leased(id);
  await print(first, 1, 2, 3);

  const seen: (RunEvent | BehindEvent)[] = [];
  let lastEventId = "";
  for await (const { id: eventId, event } of runEvents(ctx, { id, signal: new AbortController().signal })) {
    seen.push(event);
    lastEventId = eventId;
    if (event.type === "output") break;
  }
  expect(texts(seen)).toEqual(["1:1", "1:2", "1:3"]);

  await print(first, 3, 4);
  await ctx.settle(first, "exit_nonzero");
  const second = await leased(id);
  await print(second, 1);
  const rest: (RunEvent | BehindEvent)[] = [];
  const following = (async () => {
    for await (const { event } of runEvents(ctx, { id, lastEventId, signal: new AbortController().signal })) {
      rest.push(event);
      // The end comes while the stream is open.
      if (event.type === "output" && event.attempt === 2 && event.chunks.some((chunk) => chunk.seq === 1)) {
        await print(second, 2);
        await ctx.settle(second, "succeeded");
      }
    }
  })();
  await following;
  expect(texts(rest)).toEqual(["1:4", "2:1", "2:2"]);
  const last = rest.at(-1);
  expect(last?.type === "status" && last.run.status).toBe("succeeded");
});

test("a page that is far behind is told where the output stands, and goes on from there", async () => {
  const id = await ctx.submit({ retry: { maxRetries: 0 } });
  const lease = await leased(id);
  await print(lease, 1, 2, 3, 4);
  const heard: string[] = [];
  for await (const { id: eventId, event } of runEvents(ctx, { id, lastEventId: "1.1", signal: new AbortController().signal, skipBeyondBytes: 20 })) {
    if (event.type === "behind") {
      heard.push(`behind ${eventId} ${event.position.lines.stdout}`);
      await print(lease, 5);
    }
    if (event.type === "output") heard.push(...event.chunks.map((chunk) => chunk.text.trim()));
    if (heard.at(-1) === "line 5") break;
  }
  expect(heard).toEqual(["behind 1.4 4", "line 5"]);
});

test("a worker that lost its lease stores nothing", async () => {
  const id = await ctx.submit({ retry: { maxRetries: 0 } });
  const lease = await leased(id);
  await ctx.settle(lease, "succeeded");
  await print(lease, 1);
  expect(await ctx.database.client.outputChunk.count({ where: { attemptId: lease.attemptId } })).toBe(0);
});

test("waiting ends with the run, or with the time", async () => {
  const id = await ctx.submit();
  expect(await waitForRun(ctx, { id, waitMs: 50, isNew: false })).toBeNull();
  const lease = await leased(id);
  const waiting = waitForRun(ctx, { id, waitMs: 10_000, isNew: false });
  await ctx.settle(lease, "succeeded");
  expect(await waiting).toMatchObject({ id, status: "succeeded" });
});

test("a run that ended before its end could be heard is found ended all the same", async () => {
  const id = await ctx.submit();
  await ctx.settle(await leased(id), "succeeded");
  expect(await waitForRun(ctx, { id, waitMs: 10_000, isNew: true })).toMatchObject({ id, status: "succeeded" });
});

test("lists hear of a run's change, and stop hearing when they are closed", async () => {
  const controller = new AbortController();
  // As every stream does first: what is told before somebody listens is not heard.
  await requireHearing(ctx);
  const heard = (async () => {
    for await (const { event } of listEvents(ctx, { signal: controller.signal })) {
      if (event.type === "runs" && event.runs.some((run) => run.name === "watched")) return event.runs;
    }
    return [];
  })();
  await ctx.submit({ name: "watched" });
  expect(await heard).toMatchObject([{ name: "watched", status: "queued" }]);
  controller.abort();
});

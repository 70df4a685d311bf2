import { afterAll, beforeAll, expect, test } from "vitest";

import { handleLive } from "./live-handler.ts";
import { createApiTestContext } from "./testing.ts";
import type { ApiTestContext } from "./testing.ts";

let ctx: ApiTestContext;

beforeAll(async () => {
  ctx = await createApiTestContext();
});
afterAll(() => ctx.close());

type Heard = { id: string | null; event: string; data: Record<string, unknown> };

/** Opens the stream; once this resolves it hears everything. */
async function open(query: string, signal: AbortSignal): Promise<AsyncGenerator<Heard>> {
  const response = await handleLive(new Request(`http://localhost/api/live${query}`, { headers: { authorization: `Bearer ${ctx.tokens.viewer}` }, signal }));
  expect(response.status).toBe(200);
  if (response.body === null) throw new Error("The answer has no body.");
  return eventsOf(response.body);
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Heard> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null;
      const event = field("event");
      if (event !== null) yield { id: field("id"), event, data: JSON.parse(field("data") ?? "") as Record<string, unknown> };
    }
  }
}

async function first(events: AsyncGenerator<Heard>, wanted: (heard: Heard) => boolean): Promise<Heard> {
  for await (const heard of events) if (wanted(heard)) return heard;
  throw new Error("The stream ended before.");
}

test.each([[{}], [{ authorization: "Bearer corral_not-a-token-that-exists" }], [{ host: "localhost", cookie: "theme=dark" }]])(
  "unsigned, it tells nothing: %j",
  async (headers) => {
    const response = await handleLive(new Request("http://localhost/api/live", { headers: headers as Record<string, string> }));
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  },
);

test("carries what changes in lists, and the run on screen with ids to resume from", async () => {
  const controller = new AbortController();
  const id = await ctx.submit({ name: "on screen" });
  const events = await open(`?run=${id}`, controller.signal);
  const status = await first(events, (heard) => heard.event === "status");
  expect(status).toMatchObject({ id: "1.0", data: { run: { id, status: "queued" } } });
  controller.abort();

  const lists = new AbortController();
  const rows = first(await open("", lists.signal), ({ event, data }) => event === "runs" && JSON.stringify(data).includes("elsewhere"));
  await ctx.submit({ name: "elsewhere" });
  expect((await rows).id).toBeNull();
  lists.abort();
});

test("ends when the database goes away, and none begins until it is back: nobody is told that nothing happens", async () => {
  const lists = await open("", new AbortController().signal);
  const comeBack = await ctx.database.takeAway();
  try {
    await expect(first(lists, () => false)).rejects.toThrow("The stream ended before.");
    const refused = await handleLive(new Request("http://localhost/api/live", { headers: { authorization: `Bearer ${ctx.tokens.viewer}` } }));
    expect(refused.status).toBeGreaterThanOrEqual(500);
  } finally {
    await comeBack();
  }
  const controller = new AbortController();
  await expect.poll(() => ctx.database.listener.isConnected()).toBe(true);
  const rows = first(await open("", controller.signal), ({ event, data }) => event === "runs" && JSON.stringify(data).includes("after the outage"));
  await ctx.submit({ name: "after the outage" });
  expect((await rows).event).toBe("runs");
  controller.abort();
});

test("goes on with the lists where the run on screen doesn't exist", async () => {
  const controller = new AbortController();
  const rows = first(await open("?run=no-such-run", controller.signal), ({ event, data }) => event === "runs" && JSON.stringify(data).includes("third"));
  await ctx.submit({ name: "third" });
  expect((await rows).event).toBe("runs");
  controller.abort();
});

import { afterAll, beforeAll, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { appendOutput } from "../../runs/append-output.ts";
import { handleRest } from "../rest-handler.ts";
import { createApiTestContext } from "../testing.ts";
import type { ApiTestContext } from "../testing.ts";

import { createClient } from "../../../clients/typescript/src/client/index.ts";
import type { Client } from "../../../clients/typescript/src/client/index.ts";
import { cancelRun, executeRun, followRun, getRun, getSettings, listRuns, submitRun, updateSettings } from "../../../clients/typescript/src/index.ts";
import type { RunEvent } from "../../../clients/typescript/src/index.ts";

/** The client as it was generated, against the API in this process. e2e/client.spec.ts has it run scripts for real. */

let ctx: ApiTestContext;
let client: Client;

beforeAll(async () => {
  ctx = await createApiTestContext();
  client = createClient({
    baseUrl: "http://localhost",
    auth: () => ctx.tokens.administrator,
    fetch: async (input, init) => handleRest(new Request(input, init)),
  });
});
afterAll(() => ctx.close());

test("it submits, follows and cancels a run", async () => {
  const submitted = await submitRun({ client, body: { language: "bash", source: "sleep 60", tags: ["by-client"] }, headers: { "Idempotency-Key": "1" } });
  expect(submitted.response?.status).toBe(201);
  const id = submitted.data?.id ?? "";
  const [lease] = await ctx.lease();
  if (lease === undefined) throw new Error("Nothing was due.");

  const events: RunEvent[] = [];
  const { stream } = await followRun({ client, path: { id } });
  for await (const event of stream) {
    events.push(event);
    if (event.type === "status" && event.run.status === "running" && event.run.cancelRequestedAt === null) {
      await appendOutput(ctx.database, lease, [{ seq: 1, stream: "stdout", at: new Date(), bytes: Buffer.from("hello\n"), droppedBytes: null }]);
    }
    if (event.type === "output") expect((await cancelRun({ client, path: { id } })).response?.status).toBe(202);
    if (event.type === "status" && event.run.cancelRequestedAt !== null && event.run.status === "running") await ctx.settle(lease, "cancelled");
  }
  expect(events.at(-1)).toMatchObject({ type: "status", run: { id, status: "cancelled" } });
  expect(events.flatMap((event) => (event.type === "output" ? event.chunks.map(({ text }) => text) : []))).toEqual(["hello\n"]);

  const read = await getRun({ client, path: { id }, query: { include: ["source", "output"] } });
  expect(read.data).toMatchObject({ source: "sleep 60", output: { stdout: "hello\n" } });
  const listed = await listRuns({ client, query: { tag: ["by-client"], status: ["cancelled", "queued"] } });
  expect(listed.data?.items.map((run) => run.id)).toEqual([id]);
});

test("a problem is typed, and names the field", async () => {
  const refused = await submitRun({ client, body: { language: "bash", source: "" } });
  expect(refused.response?.status).toBe(400);
  expect(refused.error).toMatchObject({ type: "urn:corral:problem:invalid-input", errors: [{ path: "source", message: "must not be empty" }] });
});

test("preferences and preconditions are headers", async () => {
  const executed = await executeRun({ client, body: { language: "bash", source: "true" }, headers: { Prefer: "wait=0" } });
  expect([executed.response?.status, executed.response?.headers.get("corral-run-id")]).toEqual([202, executed.data?.id]);
  const { data: settings } = await getSettings({ client });
  if (settings === undefined) throw new Error("There are no settings.");
  const changed = await updateSettings({ client, body: { ...settings, network: { allowed: true } }, headers: { "If-Match": `"${settings.version}"` } });
  expect(changed.data).toMatchObject({ version: settings.version + 1, network: { allowed: true } });
});

import { createHmac } from "node:crypto";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

const secret = vi.hoisted(() => (process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more"));

import type { Database } from "../db/client.ts";
import { openDatabase } from "../db/client.ts";
import { handleLiveness, handleReadiness } from "./health.ts";
import { handleLive } from "./live-handler.ts";
import { handleRest } from "./rest-handler.ts";
import { handleTrpc } from "./trpc-handler.ts";

const holder = globalThis as typeof globalThis & { corralDatabase?: Database };

// Nothing listens on port 1.
beforeAll(() => {
  holder.corralDatabase = openDatabase("postgresql://nobody@127.0.0.1:1/nothing");
});
afterAll(async () => {
  await holder.corralDatabase?.close();
  delete holder.corralDatabase;
});

const token = { authorization: "Bearer corral_some-token-or-other" };
// Signed as better-auth signs: one that isn't is refused before the database is asked.
const session = "abcdefghijklmnopqrstuvwxyzabcdef";
const signature = createHmac("sha256", secret).update(session).digest("base64");
const cookie = { cookie: `corral.session_token=${session}.${encodeURIComponent(signature)}` };

test.each([
  ["the HTTP API", handleRest, "/api/v1/runs", token],
  ["the event stream", handleLive, "/api/live", token],
  ["readiness", handleReadiness, "/api/health/ready", {}],
] as const)("%s says that the database is away, and when to come back", async (_name, handle, path, headers) => {
  const response = await handle(new Request(`http://localhost${path}`, { headers: { host: "localhost", ...headers } }));
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({ type: "urn:corral:problem:unavailable" });
});

test.each([
  ["a token", token],
  ["a cookie", cookie],
])("so do the procedures, asked with %s", async (_name, headers) => {
  const response = await handleTrpc(new Request("http://localhost/api/trpc/session.me", { headers: { host: "localhost", ...headers } }));
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { data: { code: "unavailable", httpStatus: 503 } } });
});

test("the process lives nevertheless", async () => {
  expect((await handleLiveness(new Request("http://localhost/api/health/live"))).status).toBe(200);
});

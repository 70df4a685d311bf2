import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { createApiTestContext } from "../testing.ts";
import type { ApiTestContext } from "../testing.ts";
import { createRestApp } from "./app.ts";
import { problem, read, sender } from "./testing.ts";

const app = createRestApp();
let ctx: ApiTestContext;
const send = sender(app, () => ctx);

beforeAll(async () => {
  ctx = await createApiTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE; TRUNCATE bulk_operation CASCADE;");
});
afterAll(() => ctx.close());

const ENDPOINTS = [...new Set(app.routes.filter((route) => route.method !== "ALL").map((route) => `${route.method} ${route.path.replace("/api/v1", "")}`))];
const hello = { language: "bash", source: "echo hello" };

describe("the wire", () => {
  test.each([
    ["POST", "/runs", { body: "{nope", headers: {} }, 400],
    ["POST", "/runs", { body: "[]", headers: {} }, 400],
    ["POST", "/runs", { body: "language=bash", headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
    ["POST", "/runs", { body: `"${"x".repeat(17 * 1024 * 1024)}"`, headers: {} }, 413],
    ["GET", "/runs/nobody", {}, 404],
    ["GET", "/nowhere", {}, 404],
    ["DELETE", "/runs", {}, 405],
    ["GET", "/execute", {}, 405],
  ] as const)("%s %s: a problem", async (method, path, options, status) => {
    const response = await send(method, path, options);
    expect(response.status).toBe(status);
    await problem(response);
  });

  test.each([
    ["POST", "/runs", { body: '{"language":"bash","source":"\\u0000"}' }, "source", "NUL"],
    ["POST", "/runs", { body: '{"language":"bash","source":"\\ud800"}' }, "source", "surrogate"],
    ["POST", "/runs", { body: '{"language":"bash","source":"true","env":{"A":"\\udc00"}}' }, "env.A", "surrogate"],
    ["POST", "/dead-letters/retry", { body: '{"ids":["\\u0000"]}' }, "ids.0", "NUL"],
    ["GET", "/runs?q=%00", {}, "q", "NUL"],
    ["GET", "/runs?tag=a&tag=%00", {}, "tag.1", "NUL"],
    ["GET", "/runs?from=0000-01-01T00:00:00Z", {}, "from", "1970"],
    ["GET", "/runs?cursor=nonsense", {}, "cursor", "nextCursor"],
    ["GET", "/runs?limit=0", {}, "limit", "at least 1"],
    ["GET", "/runs?limit=1&limit=2", {}, "limit", "number"],
    ["GET", "/runs/0190a000-0000-7000-8000-000000000000/output?attempt=99999999999", {}, "attempt", "at most"],
    ["GET", "/bulk-operations/0190a000-0000-7000-8000-000000000000/items?cursor=x", {}, "cursor", "nextCursor"],
    ["GET", "/runs/0190a000-0000-7000-8000-000000000000/events", { headers: { "last-event-id": "7" } }, "Last-Event-ID", "id of an event"],
    ["GET", "/workers?status=active", {}, "status", "takes none"],
    ["GET", "/runs?access_token=x", {}, "access_token", "Authorization: Bearer"],
    ["POST", "/runs?lane=batch", { body: hello }, "lane", "takes none"],
    ["POST", "/runs", { body: hello, headers: { "idempotency-key": "" } }, "Idempotency-Key", "printable"],
    ["POST", "/runs/0190a000-0000-7000-8000-000000000000/cancel", { body: { reason: "x" } }, "reason", "takes no body"],
    ["POST", "/execute", { body: hello, headers: { prefer: "wait=soon" } }, "Prefer", "whole number of seconds"],
    ["POST", "/execute?ondisconnect=cancel", { body: hello }, "ondisconnect", "did you mean onDisconnect?"],
    ["POST", "/dead-letters/groups/x/ignore", { body: { until: "2026-01-31" } }, "until", "ISO 8601"],
    ["POST", "/lanes/fast/pause", {}, "lane", "batch, interactive"],
  ] as const)("%s %s names what is wrong", async (method, path, options, field, message) => {
    const response = await send(method, path, options);
    expect(response.status).toBe(400);
    const { errors } = await problem(response);
    expect(errors?.map((error) => error.path)).toEqual([field]);
    expect(errors?.[0]?.message).toContain(message);
  });

  test("bytes that are no UTF-8, and other encodings, are refused", async () => {
    const post = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
      app.request("http://localhost/api/v1/runs", { method: "POST", body, headers: { authorization: `Bearer ${ctx.tokens.operator}`, ...headers } });
    const latin1 = new Uint8Array(Buffer.from('{"language":"bash","source":"\xe9"}', "latin1"));
    expect((await post(latin1, { "content-type": "application/json" })).status).toBe(400);
    expect((await post(latin1, { "content-type": "application/json; charset=latin1" })).status).toBe(415);
    expect((await post(latin1, { "content-type": "application/json", "content-encoding": "gzip" })).status).toBe(415);
    const deep = new Uint8Array(Buffer.from(`{"language":${"[".repeat(200_000)}`));
    expect((await post(deep, { "content-type": "application/json" })).status).toBe(400);
  });

  test("HEAD answers with the headers of GET alone, also of a stream", async () => {
    const id = await ctx.submit();
    for (const path of ["/runs", `/runs/${id}`, `/runs/${id}/output`, `/runs/${id}/events`, "/openapi.json"]) {
      const response = await send("HEAD", path);
      expect([path, response.status, await response.text()]).toEqual([path, 200, ""]);
    }
    expect((await send("HEAD", "/execute")).status).toBe(405);
  });

  test("every answer carries a request id, and a problem says it again", async () => {
    for (const [method, path, as] of [
      ["GET", "/runs", "viewer"],
      ["GET", "/nowhere", "viewer"],
      ["POST", "/runs", "viewer"],
      ["GET", "/runs", null],
    ] as const) {
      const response = await send(method, path, { as });
      const id = response.headers.get("corral-request-id");
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      if (response.status >= 400) expect((await problem(response)).requestId).toBe(id);
    }
  });

  test("405 names what is allowed", async () => {
    expect((await send("PATCH", "/runs")).headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    expect((await send("GET", "/runs/x/cancel")).headers.get("allow")).toBe("OPTIONS, POST");
    const options = await send("OPTIONS", "/runs");
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS, POST"]);
    expect((await send("OPTIONS", "/nowhere")).status).toBe(404);
  });

  test("the document lists every route, under names that repeat", async () => {
    const document = await read<{ openapi: string; paths: Record<string, Record<string, unknown>>; components: { schemas: Record<string, unknown> } }>(
      await send("GET", "/openapi.json"),
    );
    expect(document.openapi).toBe("3.1.0");
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "").replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    expect(listed.filter((endpoint) => !/ \/(api\/health\/|metrics)/.test(endpoint)).sort()).toEqual([...ENDPOINTS].sort());
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Run", "RunSummary", "SubmitRun", "Problem", "Settings", "Worker", "BulkOperation"]),
    );
  });
});

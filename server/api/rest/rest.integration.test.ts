import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import type { BulkOperation } from "../../contracts/dead-letters.ts";
import type { Run } from "../../contracts/runs.ts";
import type { Settings } from "../../contracts/settings.ts";
import { appendOutput } from "../../runs/append-output.ts";
import { createApiTestContext } from "../testing.ts";
import type { ApiTestContext } from "../testing.ts";
import { createRestApp } from "./app.ts";
import { problem, read, sender } from "./testing.ts";

const app = createRestApp();
let ctx: ApiTestContext;

beforeAll(async () => {
  ctx = await createApiTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE; TRUNCATE bulk_operation CASCADE;");
});
afterAll(() => ctx.close());

const send = sender(app, () => ctx);

const ENDPOINTS = [...new Set(app.routes.filter((route) => route.method !== "ALL").map((route) => `${route.method} ${route.path.replace("/api/v1", "")}`))];
const hello = { language: "bash", source: "echo hello" };

describe("who may", () => {
  test.each(ENDPOINTS)("%s tells nothing without a token, or with a bad one", async (endpoint) => {
    const [method = "", path = ""] = endpoint.split(" ");
    for (const headers of [
      {},
      { authorization: "Bearer corral_not-a-token-that-exists" },
      { authorization: "Basic YTpi" },
      { cookie: "corral.session_token=forged.forged" },
    ]) {
      const response = await send(method, path.replace(":id", "x"), { as: null, headers: headers as Record<string, string> });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
      expect((await problem(response)).type).toBe("urn:corral:problem:unauthenticated");
    }
  });

  test("a viewer reads, an operator acts, an administrator sets", async () => {
    const id = await ctx.submit();
    const changing = [
      ["POST", "/runs", hello],
      ["POST", "/execute", hello],
      ["POST", `/runs/${id}/cancel`, {}],
      ["POST", `/runs/${id}/retry`, {}],
      ["POST", `/runs/${id}/retry-now`, {}],
      ["POST", "/dead-letters/retry", { ids: [id] }],
      ["POST", "/dead-letters/discard", { ids: [id] }],
    ] as const;
    for (const [method, path, body] of changing) {
      const response = await send(method, path, { as: "viewer", body });
      expect([path, response.status]).toEqual([path, 403]);
      expect((await problem(response)).detail).toContain("role operator");
    }
    const settings = await send("GET", "/settings", { as: "viewer" });
    const put = await send("PUT", "/settings", { as: "operator", body: await settings.json(), headers: { "if-match": settings.headers.get("etag") ?? "" } });
    expect(put.status).toBe(403);
    expect((await send("GET", `/runs/${id}`, { as: "viewer" })).status).toBe(200);
    expect((await send("POST", "/runs", { as: "operator", body: hello })).status).toBe(201);
  });

  test("a token that was revoked or has expired counts for nothing", async () => {
    await ctx.database.client.apiToken.updateMany({ where: { role: "viewer" }, data: { revokedAt: new Date() } });
    expect((await send("GET", "/runs", { as: "viewer" })).status).toBe(401);
    await ctx.database.client.apiToken.updateMany({ where: { role: "viewer" }, data: { revokedAt: null, expiresAt: new Date(Date.now() - 1) } });
    expect((await send("GET", "/runs", { as: "viewer" })).status).toBe(401);
    await ctx.database.client.apiToken.updateMany({ where: { role: "viewer" }, data: { expiresAt: null } });
    expect((await send("GET", "/runs", { as: "viewer" })).status).toBe(200);
  });
});

describe("runs", () => {
  test("submit answers 201 with the place; the same key and body 200, another body 409", async () => {
    const headers = { "idempotency-key": "k-1" };
    const first = await send("POST", "/runs", { body: hello, headers });
    expect(first.status).toBe(201);
    const run = await read<Run>(first);
    expect(first.headers.get("location")).toBe(`/api/v1/runs/${run.id}`);
    expect(run).toMatchObject({ status: "queued", lane: "batch", language: "bash" });

    const again = await send("POST", "/runs", { body: hello, headers });
    expect([again.status, (await read<Run>(again)).id]).toEqual([200, run.id]);
    const other = await send("POST", "/runs", { body: { ...hello, source: "echo other" }, headers });
    expect(other.status).toBe(409);
    await problem(other);
  });

  test("refusals name the field, and the likely one for a field that doesn't exist", async () => {
    const response = await send("POST", "/runs", { body: { language: "bash", sauce: "true", limits: { memory: 1 }, lane: "interactive" } });
    expect(response.status).toBe(400);
    expect((await problem(response)).errors).toEqual([{ path: "lane", message: "is not a known field" }]);
    const typo = await send("POST", "/runs", { body: { language: "bash", sauce: "true", limits: { memory: 1 } } });
    expect((await problem(typo)).errors).toEqual(
      expect.arrayContaining([
        { path: "source", message: "is required" },
        { path: "sauce", message: "is not a known field; did you mean source?" },
        { path: "limits.memory", message: "is not a known field; did you mean memoryBytes?" },
      ]),
    );
    const query = await send("GET", "/runs?staus=dead");
    expect((await problem(query)).errors).toEqual([{ path: "staus", message: "is not a known parameter; did you mean status?" }]);
  });

  test("a limit above the maximum is refused by name", async () => {
    const response = await send("POST", "/runs", { body: { ...hello, limits: { pidsMax: 10_000_000 } } });
    expect(response.status).toBe(422);
    const told = await problem(response);
    expect(told.type).toBe("urn:corral:problem:limit-exceeded");
    expect(told.errors?.[0]?.path).toBe("limits.pidsMax");
  });

  test("parameters repeat into lists, pages follow their cursor", async () => {
    const ids = [await ctx.submit({ tags: ["a", "b"] }), await ctx.submit({ tags: ["a", "b"] }), await ctx.submit({ tags: ["a"] })];
    const page = await read<{ items: Run[]; nextCursor: string }>(await send("GET", "/runs?status=queued&status=running&tag=a&tag=b&limit=1"));
    expect(page.items.map((run) => run.id)).toEqual([ids[1]]);
    const next = await read<{ items: Run[]; nextCursor: string | null }>(await send("GET", `/runs?tag=a&tag=b&limit=1&cursor=${page.nextCursor}`));
    expect([next.items.map((run) => run.id), next.nextCursor]).toEqual([[ids[0]], null]);
    expect((await send("GET", "/runs?status=nonsense")).status).toBe(400);
  });

  test("include adds script and output; output comes raw or as pieces", async () => {
    const id = await ctx.submit({ source: "echo hello" });
    const [lease] = await ctx.lease();
    if (lease === undefined) throw new Error("Nothing was due.");
    await appendOutput(ctx.database, lease, [
      { seq: 1, stream: "stdout", at: new Date(), bytes: Buffer.from("out\n"), droppedBytes: null },
      { seq: 2, stream: "stderr", at: new Date(), bytes: Buffer.from("err\n"), droppedBytes: null },
    ]);
    await ctx.settle(lease, "succeeded");

    const run = await read<Run>(await send("GET", `/runs/${id}?include=source,output`));
    expect(run).toMatchObject({ source: "echo hello", output: { stdout: "out\n", stderr: "err\n" } });
    expect((await read<Run>(await send("GET", `/runs/${id}`))).output).toBeUndefined();

    const raw = await send("GET", `/runs/${id}/output?stream=stdout`);
    expect([raw.headers.get("content-type"), await raw.text()]).toEqual(["text/plain; charset=utf-8", "out\n"]);
    const lines = (await (await send("GET", `/runs/${id}/output?format=ndjson&after=1`)).text()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ seq: 2, stream: "stderr", text: "err\n", attempt: 1 }]);
    expect((await send("GET", `/runs/${id}/output?format=xml`)).status).toBe(400);
    expect((await send("GET", "/runs/no-such-run/output")).status).toBe(404);

    const events = await send("GET", `/runs/${id}/events`, { headers: { "last-event-id": "1.1" } });
    expect(events.headers.get("content-type")).toContain("text/event-stream");
    const text = await events.text();
    expect(text).toContain("id: 1.2\nevent: output\n");
    expect(text).not.toContain('"text":"out\\n"');
    expect(text).toContain("event: status\n");
    expect((await send("GET", "/runs/no-such-run/events")).status).toBe(404);
  });

  test("cancel and retry answer 202, or 409 where the run stands elsewhere", async () => {
    const dead = await ctx.deadLetter();
    const retried = await send("POST", `/runs/${dead}/retry`, { body: { limits: { timeoutMs: 1234 } } });
    expect(retried.status).toBe(202);
    expect(await read<Run>(retried)).toMatchObject({ status: "queued", limits: { timeoutMs: 1234 } });
    expect((await send("POST", `/runs/${dead}/retry`)).status).toBe(409);

    const cancelled = await send("POST", `/runs/${dead}/cancel`);
    expect([cancelled.status, (await read<Run>(cancelled)).status]).toEqual([202, "cancelled"]);
    const again = await send("POST", `/runs/${dead}/cancel`);
    expect(again.status).toBe(409);
    await problem(again);
  });

  test("retry-now brings a retrying run's next attempt forward, and answers 409 elsewhere", async () => {
    const id = await ctx.submit({ retry: { maxRetries: 1, delayMs: 60_000, maxDelayMs: 60_000, jitter: false } });
    expect((await send("POST", `/runs/${id}/retry-now`)).status).toBe(409);
    const [lease] = await ctx.lease();
    await ctx.settle(lease as never, "exit_nonzero");
    const forward = await send("POST", `/runs/${id}/retry-now`);
    expect([forward.status, (await read<Run>(forward)).status]).toEqual([202, "retrying"]);
    expect((await ctx.lease()).map(({ runId, attempt }) => [runId, attempt])).toEqual([[id, 2]]);
  });
});

describe("dead letters and settings", () => {
  test("retry and discard answer 202 with an operation to follow", async () => {
    const id = await ctx.deadLetter();
    expect(await read<{ items: Run[] }>(await send("GET", "/dead-letters"))).toMatchObject({ items: [{ id, status: "dead" }] });
    const response = await send("POST", "/dead-letters/retry", { body: { filter: {} } });
    expect(response.status).toBe(202);
    const operation = await read<BulkOperation>(response);
    expect(operation).toMatchObject({ kind: "retry", total: 1 });
    expect(response.headers.get("location")).toBe(`/api/v1/bulk-operations/${operation.id}`);
    expect((await send("GET", `/bulk-operations/${operation.id}`)).status).toBe(200);
    expect(await read(await send("GET", `/bulk-operations/${operation.id}/items`))).toMatchObject({ items: [{ runId: id, result: null }] });
    expect(await read(await send("POST", "/dead-letters/discard", { body: { ids: [id], dryRun: true } }))).toMatchObject({ id: null, total: 1 });
    expect((await send("POST", "/dead-letters/retry", { body: {} })).status).toBe(400);
  });

  test("PUT /settings wants the ETag it was made from", async () => {
    const got = await send("GET", "/settings");
    const etag = got.headers.get("etag") ?? "";
    const settings = await read<Settings>(got);
    const body = { ...settings, limits: { ...settings.limits, pidsMax: { default: 64, maximum: 128 } } };
    expect((await send("PUT", "/settings", { body })).status).toBe(428);
    expect((await send("PUT", "/settings", { body, headers: { "if-match": '"999"' } })).status).toBe(412);
    const wrong = await send("PUT", "/settings", {
      body: { ...body, limits: { ...body.limits, pidsMax: { default: "x", maximum: 1 } } },
      headers: { "if-match": etag },
    });
    expect((await problem(wrong)).errors?.[0]?.path).toBe("limits.pidsMax.default");
    const put = await send("PUT", "/settings", { body, headers: { "if-match": etag } });
    expect([put.status, put.headers.get("etag")]).toEqual([200, `"${settings.version + 1}"`]);
    expect((await send("PUT", "/settings", { body, headers: { "if-match": etag } })).status).toBe(412);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
  // What a first start takes; the settings rule from then on.
  process.env["CORRAL_DEFAULT_TIMEOUT_MS"] = "77000";
});

import type { Run } from "../../contracts/runs.ts";
import type { Settings } from "../../contracts/settings.ts";
import { appendOutput } from "../../runs/append-output.ts";
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

const hello = { language: "bash", source: "echo hello" };

describe("execute", () => {
  test("waits for the end and answers with the output", async () => {
    const waiting = send("POST", "/execute", { body: hello, headers: { prefer: "wait=20" } });
    const lease = await leasedInteractive();
    await appendOutput(ctx.database, lease, [{ seq: 1, stream: "stdout", at: new Date(), bytes: Buffer.from("hello\n"), droppedBytes: null }]);
    await ctx.settle(lease, "succeeded");
    const response = await waiting;
    expect(response.status).toBe(200);
    expect(response.headers.get("corral-run-id")).toBe(lease.runId);
    expect(response.headers.get("preference-applied")).toBe("wait=20");
    expect(await read<Run>(response)).toMatchObject({ id: lease.runId, status: "succeeded", lane: "interactive", output: { stdout: "hello\n" } });
  });

  test("answers 202 with the place when the wait ended first, and leaves the run alone", async () => {
    const response = await send("POST", "/execute", { body: hello, headers: { prefer: "wait=0" } });
    expect(response.status).toBe(202);
    const run = await read<Run>(response);
    expect(response.headers.get("location")).toBe(`/api/v1/runs/${run.id}`);
    expect(run.status).toBe("queued");
  });

  test.each([
    ["cancel", "cancelled"],
    ["continue", "queued"],
  ])("a caller that goes: %s", async (onDisconnect, status) => {
    const caller = new AbortController();
    const waiting = send("POST", `/execute?onDisconnect=${onDisconnect}`, { body: hello, signal: caller.signal });
    const id = await submitted();
    caller.abort();
    await waiting;
    expect(await read<Run>(await send("GET", `/runs/${id}`))).toMatchObject({ status });
  });

  test("a second request with the same key, while the first waits, waits for the same run", async () => {
    const options = { body: hello, headers: { prefer: "wait=20", "idempotency-key": "twice" } };
    const isThere = submitted();
    const first = send("POST", "/execute", options);
    const id = await isThere;
    // Who wants the id before the end asks again without a wait.
    const early = await send("POST", "/execute", { ...options, headers: { ...options.headers, prefer: "respond-async" } });
    expect([early.status, early.headers.get("corral-run-id"), early.headers.get("preference-applied")]).toEqual([202, id, "respond-async"]);
    const gone = new AbortController();
    const second = send("POST", "/execute", options);
    const third = send("POST", "/execute", { ...options, signal: gone.signal });
    const [lease] = await ctx.lease(1, "interactive");
    if (lease === undefined) throw new Error("Nothing was due.");
    // One who only repeated it leaves the run alone when it goes.
    gone.abort();
    expect((await third).status).toBe(202);
    await ctx.settle(lease, "succeeded");
    for (const response of await Promise.all([first, second])) {
      expect([response.status, await read<Run>(response)]).toEqual([200, expect.objectContaining({ id, status: "succeeded" })]);
    }
    expect((await send("POST", "/execute", { ...options, body: { ...hello, source: "echo other" } })).status).toBe(409);
    expect(await ctx.database.client.run.count()).toBe(1);
  });

  test("retries with their backoff fall within the wait", async () => {
    const body = { ...hello, retry: { maxRetries: 2, delayMs: 150, maxDelayMs: 150, jitter: false } };
    const isThere = submitted();
    const waiting = send("POST", "/execute", { body, headers: { prefer: "wait=20" } });
    await isThere;
    const startedAt: number[] = [];
    for (const outcome of ["exit_nonzero", "timeout", "succeeded"] as const) {
      const [lease] = await vi.waitUntil(async () => {
        const leases = await ctx.lease(1, "interactive");
        return leases.length > 0 ? leases : null;
      }, 10_000);
      if (lease === undefined) throw new Error("Nothing was due.");
      startedAt.push(lease.startedAt.getTime());
      await ctx.settle(lease, outcome);
    }
    const run = await read<Run>(await waiting);
    expect(run.attempts.map(({ outcome }) => outcome)).toEqual(["exit_nonzero", "timeout", "succeeded"]);
    expect((startedAt[1] ?? 0) - (startedAt[0] ?? 0)).toBeGreaterThanOrEqual(150);
  });

  test("what fails for good is answered with 200 too: the run has ended", async () => {
    const isThere = submitted();
    const waiting = send("POST", "/execute", { body: { ...hello, retry: { maxRetries: 0 } }, headers: { prefer: "wait=20" } });
    await isThere;
    const [lease] = await ctx.lease(1, "interactive");
    await ctx.settle(lease as never, "exit_nonzero");
    const response = await waiting;
    expect([response.status, (await read<Run>(response)).status]).toEqual([200, "dead"]);
  });

  test("a full lane is a clear no with Retry-After, and loses nothing", async () => {
    const settings = await read<Settings>(await send("GET", "/settings"));
    const put = await send("PUT", "/settings", {
      body: { ...settings, execute: { ...settings.execute, maximumQueued: 3 } },
      headers: { "if-match": `"${settings.version}"` },
    });
    expect(put.status).toBe(200);
    const post = (key: string) => send("POST", "/execute", { body: hello, headers: { prefer: "wait=0", "idempotency-key": key } });
    const accepted = [await post("1"), await post("2"), await post("3")];
    expect(accepted.map(({ status }) => status)).toEqual([202, 202, 202]);
    const full = await post("4");
    expect([full.status, Number(full.headers.get("retry-after"))]).toEqual([429, expect.toSatisfy((s) => Number.isInteger(s) && s >= 1 && s <= 60)]);
    const told = await problem(full);
    expect(told.type).toBe("urn:corral:problem:too-many-requests");
    expect(told.detail).toContain("POST /api/v1/runs");
    // A run that was accepted is still answered for; the batch lane is another; and a run that starts makes room.
    expect((await post("1")).status).toBe(202);
    expect((await send("POST", "/runs", { body: hello })).status).toBe(201);
    await ctx.lease(1, "interactive");
    expect((await post("4")).status).toBe(202);
  });

  test("the timeout comes from the settings in force", async () => {
    const settings = await read<Settings>(await send("GET", "/settings"));
    const run = async () => read<Run>(await send("POST", "/execute", { body: hello, headers: { prefer: "wait=0" } }));
    expect((await run()).limits.timeoutMs).toBe(Number(process.env["CORRAL_DEFAULT_TIMEOUT_MS"]));
    await send("PUT", "/settings", {
      body: { ...settings, limits: { ...settings.limits, timeoutMs: { default: 4_321, maximum: 10_000 } } },
      headers: { "if-match": `"${settings.version}"` },
    });
    expect((await run()).limits.timeoutMs).toBe(4_321);
    expect((await send("POST", "/execute", { body: { ...hello, limits: { timeoutMs: 10_001 } } })).status).toBe(422);
  });

  test("refuses a parameter that it doesn't know", async () => {
    expect((await send("POST", "/execute?onDisconnect=explode", { body: hello })).status).toBe(400);
  });

  /** The notice of a change is what tells that the run is there. */
  const submitted = () =>
    new Promise<string>((resolve, reject) => {
      ctx.database.listener
        .listen("corral", (payload) => {
          const notice = JSON.parse(payload) as { kind: string; ids?: string[] };
          if (notice.kind === "run" && notice.ids?.[0] !== undefined) resolve(notice.ids[0]);
        })
        .catch(reject);
    });
  const leasedInteractive = async () => {
    await submitted();
    const [lease] = await ctx.lease(1, "interactive");
    if (lease === undefined) throw new Error("Nothing was due.");
    return lease;
  };
});

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import type { Actor } from "../context.ts";
import { submitRunSchema } from "../contracts/runs.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { ANYTHING } from "../workers/test-worker.ts";
import { getRun } from "../runs/get-run.ts";
import { leaseRuns } from "../runs/lease-runs.ts";
import { retryRun } from "../runs/retry-run.ts";
import { submitBatch } from "../runs/submit-batch.ts";
import { submitRun } from "../runs/submit-run.ts";
import { secretKeys } from "./key-ring.ts";
import { openEnv } from "./stored-env.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE;");
});
afterAll(() => ctx.close());

const SECRET = "hunter22-is-no-password";
const env = { TOKEN: { value: SECRET, secret: true }, MODE: "fast", PLAIN: { value: "seen" } };
const actor = (id: string, role: Actor["role"] = "operator"): Actor => ({ kind: "user", id, name: id, role });
const take = (keys: readonly string[]) =>
  leaseRuns(ctx.database, ctx.queue, {
    ...ANYTHING,
    leaseToken: randomUUID(),
    lane: "batch",
    count: 10,
    workerId: ctx.workerId,
    enforced: true,
    secretKeys: keys,
  });

/** Everything that any table of ours or of pg-boss's holds, as text. */
async function everythingStored(): Promise<string> {
  const { rows } = await ctx.database.pool.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss')",
  );
  const texts: string[] = [];
  for (const { name } of rows)
    texts.push(...(await ctx.database.pool.query<{ text: string }>(`SELECT row_to_json(t)::text AS text FROM ${name} t`)).rows.map(({ text }) => text));
  return texts.join("\n");
}

test("a secret value is in no table and in no answer; the worker that has the key gets it", async () => {
  const id = await ctx.submit({ env });
  expect(await everythingStored()).not.toContain(SECRET);
  const run = await getRun(ctx, { id, include: ["source"] });
  expect([run.env, run.secretEnv]).toEqual([{ TOKEN: "••••", MODE: "fast", PLAIN: "seen" }, ["TOKEN"]]);

  const [lease] = await take(secretKeys().map((key) => key.id));
  expect(lease?.runId).toBe(id);
  expect(openEnv(secretKeys(), lease?.env ?? {})).toEqual({ env: { TOKEN: SECRET, MODE: "fast", PLAIN: "seen" }, secrets: [SECRET] });
});

test("a worker without the key leaves the run to others, and the run says what it waits for", async () => {
  const id = await ctx.submit({ env });
  const other = await ctx.submit();
  expect((await take([])).map(({ runId }) => runId)).toEqual([other]);
  expect((await take(["0123456789ab"])).length).toBe(0);
  expect((await getRun(ctx, { id, include: [] })).waitingReason).toMatch(/^No worker has the key [0-9a-f]{12} of its secrets/);
  expect((await take(secretKeys().map((key) => key.id))).map(({ runId }) => runId)).toEqual([id]);
});

test("a retry keeps it", async () => {
  const id = await ctx.submit({ env, retry: { maxRetries: 0 } });
  const keys = secretKeys().map((key) => key.id);
  const [first] = await take(keys);
  if (first === undefined) throw new Error("The run was not due.");
  await ctx.settle(first, "exit_nonzero");
  await retryRun(ctx, { id });
  expect((await take([])).length).toBe(0);
  const [again] = await take(keys);
  expect(openEnv(secretKeys(), again?.env ?? {}).secrets).toEqual([SECRET]);
});

test("a clone takes it over unseen: of one's own run, or by an administrator, and by nobody else", async () => {
  const mine = { ...ctx, actor: actor("me") };
  const { run } = await submitRun(mine, { language: "bash", source: "true", lane: "batch", env });
  const clone = (who: Actor, name = "TOKEN", from = run.id) =>
    submitRun({ ...ctx, actor: who }, { language: "bash", source: "env", lane: "batch", env: { [name]: { from } } });
  for (const who of [actor("me"), actor("root", "administrator")]) {
    const { run: made } = await clone(who);
    expect((await getRun(ctx, { id: made.id, include: ["source"] })).secretEnv).toEqual(["TOKEN"]);
  }
  await expect(clone(actor("somebody else"))).rejects.toMatchObject({ code: "invalid_input", fields: [{ path: "env.TOKEN" }] });
  await expect(clone(actor("me"), "MODE")).rejects.toMatchObject({ fields: [{ path: "env.MODE" }] });
  await expect(clone(actor("me"), "TOKEN", "no-run")).rejects.toMatchObject({ fields: [{ path: "env.TOKEN" }] });
});

test("in a batch too, and by an idempotency key the same secret is the same body", async () => {
  const { items } = await submitBatch(ctx, {
    runs: [
      { language: "bash", source: "true", env },
      { language: "bash", source: "true" },
    ],
  });
  expect((await ctx.database.client.run.findMany({ orderBy: { id: "asc" }, select: { secretKey: true } })).map(({ secretKey }) => secretKey !== null)).toEqual([
    true,
    false,
  ]);
  expect(items).toHaveLength(2);
  const once = (value: string) =>
    submitRun(ctx, { language: "bash", source: "true", lane: "batch", idempotencyKey: "k", env: { TOKEN: { value, secret: true } } });
  const first = await once(SECRET);
  expect([(await once(SECRET)).run.id, (await once(SECRET)).created]).toEqual([first.run.id, false]);
  await expect(once(`${SECRET}!`)).rejects.toMatchObject({ code: "conflict" });
});

test("what can't be kept secret is refused by name", () => {
  const told = (value: unknown) => submitRunSchema.safeParse({ language: "bash", source: "true", env: { TOKEN: value } }).success;
  expect([told("x"), told({ value: "abcd", secret: true }), told({ value: "abc", secret: false }), told({ from: "x" })]).toEqual([true, true, true, true]);
  expect([told({ value: "abc", secret: true }), told({ secret: true }), told({ value: "abcd", secret: true, other: 1 }), told(3)]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";
import { appRouter } from "./app-router.ts";
import { inProcessRouter } from "./routers/in-process.ts";
import { createApiTestContext } from "./testing.ts";
import type { ApiTestContext } from "./testing.ts";
import { handleTrpc } from "./trpc-handler.ts";

let ctx: ApiTestContext;

beforeAll(async () => {
  ctx = await createApiTestContext();
});
afterAll(() => ctx.close());

/** Who may call what. A new procedure has to be entered here. */
const NEEDED: Record<string, Role> = {
  "runs.submit": "operator",
  "runs.submitBatch": "operator",
  "runs.list": "viewer",
  "runs.counts": "viewer",
  "runs.get": "viewer",
  "runs.output": "viewer",
  "runs.usage": "viewer",
  "runs.cancel": "operator",
  "runs.retry": "operator",
  "runs.retryNow": "operator",
  "lanes.list": "viewer",
  "lanes.pause": "operator",
  "lanes.resume": "operator",
  "deadLetters.groups": "viewer",
  "deadLetters.facets": "viewer",
  "deadLetters.expiring": "viewer",
  "deadLetters.ignoreGroup": "operator",
  "deadLetters.resolveGroup": "operator",
  "deadLetters.reopenGroup": "operator",
  "deadLetters.list": "viewer",
  "deadLetters.count": "viewer",
  "deadLetters.previewLimits": "operator",
  "deadLetters.retry": "operator",
  "deadLetters.discard": "operator",
  "bulkOperations.list": "viewer",
  "bulkOperations.runs": "viewer",
  "bulkOperations.get": "viewer",
  "bulkOperations.items": "viewer",
  "bulkOperations.pause": "operator",
  "bulkOperations.resume": "operator",
  "bulkOperations.abort": "operator",
  "settings.get": "viewer",
  "settings.changes": "viewer",
  "settings.exceeding": "viewer",
  "settings.update": "administrator",
  "workers.list": "viewer",
  "workers.drain": "operator",
  "workers.resume": "operator",
  "samples.list": "viewer",
  "samples.get": "viewer",
  "session.me": "viewer",
};

// Typed by noun, kept flat: "runs.submit".
const PROCEDURES = new Map(Object.entries<unknown>(appRouter._def.procedures)) as Map<string, { _def: { type: string } }>;

type Answer = { status: number; data: { code?: string; fields?: { path: string; message: string }[]; requestId?: string } };

async function call(procedure: string, headers: Record<string, string>, input: unknown = {}): Promise<Answer> {
  const kind = PROCEDURES.get(procedure)?._def.type;
  const url = `http://localhost/api/trpc/${procedure}`;
  const request =
    kind === "mutation"
      ? new Request(url, { method: "POST", body: JSON.stringify(input), headers: { "content-type": "application/json", ...headers } })
      : new Request(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers });
  const response = await handleTrpc(request);
  const body = (await response.json()) as { error?: { data: Answer["data"] } };
  return { status: response.status, data: body.error?.data ?? {} };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("every procedure is entered in the table", () => {
  expect([...PROCEDURES.keys()].sort()).toEqual(Object.keys(NEEDED).sort());
});

describe.each(Object.entries(NEEDED))("%s", (procedure, needed) => {
  test.each([
    ["nothing", {}],
    ["a token that doesn't exist", bearer("corral_not-a-token-that-exists")],
    ["a forged cookie", { host: "localhost", cookie: "corral.session_token=forged.forged" }],
    ["something that is no bearer token", { authorization: "Basic YTpi" }],
  ])("tells nothing to who sends %s", async (_what, headers) => {
    expect(await call(procedure, headers)).toMatchObject({ status: 401, data: { code: "unauthenticated" } });
  });

  test(`is for the role ${needed} and above`, async () => {
    for (const role of ROLES) {
      const { status } = await call(procedure, bearer(ctx.tokens[role]));
      if (ROLES.indexOf(role) < ROLES.indexOf(needed)) expect([role, status]).toEqual([role, 403]);
      else expect([401, 403, 500]).not.toContain(status);
    }
  });
});

test("those called in-process need the same", async () => {
  const { createInProcessCaller } = await import("./routers/in-process.ts");
  const { createRequestContext } = await import("./request-context.ts");
  const nobody = createInProcessCaller(createRequestContext(new Request("http://localhost/")));
  const procedures = Object.keys(inProcessRouter._def.procedures) as (keyof typeof nobody)[];
  expect(procedures.length).toBeGreaterThan(0);
  for (const procedure of procedures) {
    await expect((nobody[procedure] as (input: unknown) => Promise<unknown>)({})).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  }
  const viewer = createInProcessCaller(createRequestContext(new Request("http://localhost/", { headers: bearer(ctx.tokens.viewer) })));
  await expect(viewer.submit({ language: "bash", source: "true", lane: "batch" })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("refusals name fields, the verbs' as well as the contract's", async () => {
  const typo = await call("runs.submit", bearer(ctx.tokens.operator), { language: "bash", sauce: "true" });
  expect(typo).toMatchObject({ status: 400, data: { code: "invalid_input" } });
  expect(typo.data.fields).toContainEqual({ path: "sauce", message: "is not a known field; did you mean source?" });
  const above = await call("runs.submit", bearer(ctx.tokens.operator), { language: "bash", source: "true", limits: { pidsMax: 10_000_000 } });
  expect(above).toMatchObject({ status: 422, data: { code: "limit_exceeded" } });
  expect(above.data.fields?.[0]?.path).toBe("limits.pidsMax");
});

test("our own faults are masked, with an id to find them by", async () => {
  // A row that no verb writes: what reads it fails in a way nobody foresaw.
  await ctx.database.pool.query(`UPDATE worker SET capabilities = '"nonsense"'`);
  const answer = await call("workers.list", bearer(ctx.tokens.viewer));
  expect(answer).toMatchObject({ status: 500, data: { code: "internal_error", fields: [] } });
  expect(answer.data.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.stringify(answer)).not.toContain("capabilities");
});

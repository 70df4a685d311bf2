import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { issueApiToken } from "../../../auth/api-tokens.ts";
import { startBulkOperation } from "../../../bulk-operations/start-bulk-operation.ts";
import { ROLES } from "../../../contracts/statuses.ts";
import { appendOutput } from "../../../runs/append-output.ts";
import { createApiTestContext } from "../../testing.ts";
import type { ApiTestContext } from "../../testing.ts";
import { createRestApp } from "../app.ts";
import { describeApi } from "../document.ts";
import { createAnswerChecker } from "./check-answer.ts";
import { requestTo } from "./request.ts";
import type { Wire } from "./request.ts";

/** Made from the document alone: every operation, with input that is right, nearly right and hostile. No 500, and every answer fits. */

const REQUESTS = 60;
/** So long at most an operation is asked, and a failure made smaller. */
const SHRINK_MS = 20_000;
const app = createRestApp();
const document = describeApi(app);
const check = createAnswerChecker(document);
const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ template, method, operation })),
);
const served = operations.filter(({ template }) => template.startsWith("/api/v1/"));

let ctx: ApiTestContext;
const known: Record<string, string[]> = {};

beforeAll(async () => {
  ctx = await createApiTestContext();
});

/** A run in every status, so that each operation has one that it can be asked for. */
beforeEach(async () => {
  await ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE; TRUNCATE bulk_operation CASCADE; TRUNCATE lane_pause");
  await ctx.database.client.worker.updateMany({ data: { status: "active" } });
  const running = await ctx.submit({ priority: 100 });
  const ended = await ctx.submit({ priority: 99 });
  const retrying = await ctx.submit({ priority: 98, retry: { maxRetries: 9, delayMs: 3_600_000, maxDelayMs: 3_600_000, jitter: false } });
  for (const outcome of [null, "succeeded", "exit_nonzero"] as const) {
    const [lease] = await ctx.lease();
    if (lease === undefined) throw new Error("Nothing was due.");
    await appendOutput(ctx.database, lease, [{ seq: 1, stream: "stdout", at: new Date(), bytes: Buffer.from("out\n"), droppedBytes: null }]);
    if (outcome !== null) await ctx.settle(lease, outcome);
  }
  const dead = [await ctx.deadLetter({ name: "a" }), await ctx.deadLetter({ name: "b" }), await ctx.deadLetter({ name: "c" })];
  const operation = await startBulkOperation(ctx, "discard", { ids: dead.slice(0, 1) });
  const groups = await ctx.database.client.deadLetterGroup.findMany();
  known["/api/v1/runs"] = [running, ended, retrying, ...dead, await ctx.submit()];
  known["/api/v1/bulk-operations"] = [operation.id ?? ""];
  known["/api/v1/workers"] = [ctx.workerId];
  known["/api/v1/dead-letters/groups"] = groups.map(({ fingerprint }) => fingerprint);
  known["/api/v1/tokens"] = [(await issueApiToken(ctx.database.client, { name: "to be revoked", role: "viewer" })).row.id];
  known["/api/v1/lanes"] = ["batch", "interactive"];
});
afterAll(() => ctx.close());

const knownOf = (template: string, parameter: string) =>
  ["id", "fingerprint", "lane"].includes(parameter) ? (Object.entries(known).find(([path]) => template.startsWith(`${path}/{`))?.[1] ?? []) : [];

const send = async (method: string, { as, path, headers, body }: Wire) =>
  app.request(`http://localhost${path}`, {
    method: method.toUpperCase(),
    headers: {
      ...(as === null ? {} : { authorization: `Bearer ${ctx.tokens[as]}` }),
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === null || method === "get" ? {} : { body: body.toWellFormed() }),
  });

/** A stream of a run that has not ended goes on: what comes first is enough. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true || response.body === null) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const patience = AbortSignal.timeout(100);
  let text = "";
  try {
    for (;;) {
      const late = new Promise<null>((resolve) => patience.addEventListener("abort", () => resolve(null), { once: true }));
      const next = patience.aborted ? null : await Promise.race([reader.read(), late]);
      if (next === null || next.done) return text;
      text += decoder.decode(next.value, { stream: true });
    }
  } finally {
    await reader.cancel();
  }
}

test("the document has operations to ask", () => {
  expect(served.length).toBeGreaterThan(30);
});

describe.each(served)("$method $template", ({ template, method, operation }) => {
  test("answers whatever is sent as it is documented", async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(requestTo(document, template, operation, knownOf), async (wire) => {
        const response = await send(method, wire);
        const text = await textOf(response);
        seen.add(response.status);
        if (response.status >= 500) throw new Error(`${response.status}: ${text}`);
        const wrong = check(template, method, operation, response, text);
        if (wrong.length > 0) throw new Error(`${response.status} ${wrong.join("; ")}\n${text.slice(0, 500)}`);
        if (response.status >= 400) expect((JSON.parse(text) as { status: number }).status).toBe(response.status);
      }),
      { numRuns: REQUESTS, interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false },
    );
    // It was not only refused, or the test would see half of the contract. Settings need the version in force.
    if (operation.operationId !== "updateSettings")
      expect(
        [...seen].some((status) => status < 300),
        `only ${[...seen].join(", ")}`,
      ).toBe(true);
  });

  test("accepts every example that the document shows", async () => {
    const examples = Object.values(operation.requestBody?.content["application/json"]?.examples ?? {}).map(({ value }) => JSON.stringify(value));
    const [id] = /\{(\w+)\}/.exec(template)?.slice(1) ?? [];
    const paths = id === undefined ? [template] : knownOf(template, id).map((one) => template.replace(`{${id}}`, one));
    for (const body of examples) {
      const statuses: number[] = [];
      // Of the runs that there are one is in the state that it is for.
      for (const path of paths) statuses.push((await send(method, { as: "administrator", path, headers: { Prefer: "wait=0" }, body })).status);
      expect([body, statuses.some((status) => status < 300), statuses.every((status) => status < 300 || status === 409)]).toEqual([body, true, true]);
    }
  });

  test("is for the role that the document says, and nobody below", async () => {
    const needed = operation["x-corral-role"];
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => knownOf(template, name)[0] ?? "");
    const body =
      operation.requestBody === undefined
        ? null
        : JSON.stringify(Object.values(operation.requestBody.content["application/json"]?.examples ?? {})[0]?.value ?? {});
    for (const role of ROLES.slice(
      0,
      ROLES.findIndex((one) => one === needed),
    )) {
      const response = await send(method, { as: role, path, headers: { Prefer: "wait=0", "If-Match": '"1"' }, body });
      expect([role, response.status]).toEqual([role, 403]);
    }
    expect(ROLES).toContain(needed);
    const nobody = await send(method, { as: null, path, headers: {}, body });
    expect(nobody.status).toBe(401);
    expect(check(template, method, operation, nobody, await nobody.text())).toEqual([]);
  });
});

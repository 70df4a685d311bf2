import { afterAll, beforeAll, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { handleExport } from "./export-handler.ts";
import { createApiTestContext } from "./testing.ts";
import type { ApiTestContext } from "./testing.ts";

let ctx: ApiTestContext;
beforeAll(async () => {
  ctx = await createApiTestContext();
});
afterAll(() => ctx.close());

const ask = (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${ctx.tokens.viewer}` }) =>
  handleExport(
    new Request("http://localhost/api/dead-letters/export", {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { host: "localhost", "content-type": "application/json", ...headers },
    }),
  );

test("whoever may read may take what is selected along, as a file", async () => {
  const ids = [await ctx.deadLetter({ tags: ["mine"] }), await ctx.deadLetter({ tags: ["mine"] })];
  await ctx.deadLetter();
  const response = await ask({ filter: { tag: ["mine"] }, format: "ndjson" });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
  expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="dead-letters-[\dT-]+\.ndjson"$/);
  const lines = (await response.text()).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids.toReversed());
  expect(JSON.parse(await (await ask({ ids: [], filter: {}, format: "json" })).text())).toMatchObject({ status: 400 });
  expect(JSON.parse(await (await ask({ filter: { tag: ["none"] }, format: "json" })).text())).toEqual([]);
});

test.each<[string, Record<string, string>, number]>([
  ["nothing", {}, 401],
  ["a forged cookie", { cookie: "corral.session_token=forged.forged" }, 401],
  ["a token that doesn't exist", { authorization: "Bearer corral_not-a-token-that-exists" }, 401],
])("tells nothing to who sends %s", async (_what, headers, status) => {
  const response = await ask({ filter: {}, format: "csv" }, headers);
  expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
});

test("what can't be read, or is too large, is refused by name", async () => {
  expect(await (await ask("{")).json()).toMatchObject({ status: 400 });
  expect(await (await ask(" ".repeat(1024 * 1024 + 1))).json()).toMatchObject({ status: 413 });
  expect(await (await ask({ filter: {}, format: "xlsx" })).json()).toMatchObject({ errors: [{ path: "format" }] });
});

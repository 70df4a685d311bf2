import { initTRPC } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";
import { accessTable, allAccess, mayCall, publishedAccessTable } from "./access-table.ts";
import type { Access } from "./access-table.ts";
import { handleApi } from "./addresses.ts";
import { appRouter } from "./app-router.ts";
import { rolesOf, router } from "./procedures.ts";
import { createRestApp, REST_BASE } from "./rest/app.ts";
import { restRoles } from "./rest/endpoint.ts";
import { OWN_PAGE, callTrpc, createApiTestContext } from "./testing.ts";
import type { ApiTestContext } from "./testing.ts";

let ctx: ApiTestContext;
let cookies: Record<Role, string>;

beforeAll(async () => {
  ctx = await createApiTestContext();
  cookies = Object.fromEntries(await Promise.all(ROLES.map(async (role) => [role, (await ctx.person(role)).cookie] as const))) as Record<Role, string>;
});
afterAll(() => ctx.close());

/** What the table in ARCHITECTURE.md says, read from there: the document itself is what is held to. */
const CELLS = publishedAccessTable()
  .split("\n")
  .slice(2)
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, name = "", transport = "", ...cells]) => ({
    name: name.slice(1, -1),
    transport: transport as Access["transport"],
    may: new Map([null, ...ROLES].map((role, index) => [role, cells[index] === "✓"])),
  }));

const KINDS = new Map(Object.entries<unknown>(appRouter._def.procedures)) as Map<string, { _def: { type: "query" | "mutation" } }>;

/** How an address is asked for, where it isn't by GET. */
const ASKED: Record<string, RequestInit> = { "/api/dead-letters/export": { method: "POST", body: "{}" } };

/** Asks with input that is none: who may not is refused before that is looked at, who may is told of it or answered. */
async function ask({ name, transport }: Pick<Access, "name" | "transport">, headers: Record<string, string>): Promise<number> {
  if (transport === "tRPC") return (await callTrpc(KINDS.get(name)?._def.type ?? "query", name, headers)).status;
  if (transport === "REST") {
    const [method = "", path = ""] = name.split(" ");
    const url = `http://localhost:3000${REST_BASE}${path.replaceAll("{id}", "0190a000-0000-7000-8000-000000000000").replaceAll(/\{\w+\}/g, "nonsense")}`;
    const body = method === "GET" ? {} : { body: "{}" };
    const response = await handleApi(new Request(url, { method, ...body, headers: { "content-type": "application/json", ...OWN_PAGE, ...headers } }));
    await response.body?.cancel();
    return response.status;
  }
  const gone = new AbortController();
  const response = await handleApi(new Request(`http://localhost:3000${name}`, { ...ASKED[name], headers: { ...OWN_PAGE, ...headers }, signal: gone.signal }));
  gone.abort();
  return response.status;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const REFUSED = [401, 403];

test("the published table is what the procedures and addresses declare (`node server/api/access-table.ts` writes it)", () => {
  expect(publishedAccessTable()).toBe(accessTable());
  for (const access of allAccess()) {
    const row = CELLS.find(({ name, transport }) => name === access.name && transport === access.transport);
    for (const role of [null, ...ROLES]) expect([access.name, row?.may.get(role)]).toEqual([access.name, mayCall(role, access)]);
  }
});

describe.each(CELLS.filter(({ transport, may }) => transport !== "route" || may.get(null) !== true))("$transport $name", ({ name, transport, may }) => {
  const access = { name, transport };

  test.each([
    ["nothing", {}],
    ["a token that doesn't exist", bearer("corral_not-a-token-that-exists")],
    ["a forged cookie", { cookie: "corral.session_token=forged.forged" }],
    ["something that is no bearer token", { authorization: "Basic YTpi" }],
  ])("tells nothing to who sends %s", async (_what, headers) => {
    expect(await ask(access, headers)).toBe(401);
  });

  test.each(ROLES)("%s, by session and by token", async (role) => {
    const ways: [string, Record<string, string>][] = [["session", { cookie: cookies[role] }]];
    // A token has no account of its own, whatever its role.
    if (!name.startsWith("account.")) ways.push(["token", bearer(ctx.tokens[role])]);
    for (const [way, headers] of ways) {
      const status = await ask(access, headers);
      if (may.get(role) === true) expect([...REFUSED, 500, 503], `${way}: ${status}`).not.toContain(status);
      else expect([way, status]).toEqual([way, 403]);
    }
  });
});

test("a token has no account", async () => {
  expect(await callTrpc("query", "account.get", bearer(ctx.tokens.administrator))).toMatchObject({ status: 403 });
});

describe("what declares no role is not made", () => {
  test("a procedure", () => {
    const bare = initTRPC.create().procedure.query(() => "for everybody");
    expect(() => router({ bare } as never)).toThrow("The procedure bare declares no role");
    expect(() => router({ noun: initTRPC.create().router({ bare }) } as never)).toThrow("The procedure noun.bare declares no role");
    expect(rolesOf(appRouter).size).toBe(KINDS.size);
  });

  test("an address of the HTTP API", () => {
    const api = createRestApp();
    expect(() => restRoles(api, REST_BASE)).not.toThrow();
    api.get("/forgotten/:id", (c) => c.text("for everybody"));
    expect(() => restRoles(api, REST_BASE)).toThrow("GET /forgotten/{id} declares no role");
  });
});

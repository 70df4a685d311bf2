import { afterAll, beforeAll, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { createSignInLink } from "../auth/sign-in-link.ts";
import { handleAuth } from "./auth-handler.ts";
import { createApiTestContext } from "./testing.ts";
import type { ApiTestContext } from "./testing.ts";
import { handleTrpc } from "./trpc-handler.ts";

let ctx: ApiTestContext;

beforeAll(async () => {
  ctx = await createApiTestContext();
});
afterAll(() => ctx.close());

const SUBMIT = { language: "bash", source: "true" };

async function signIn(): Promise<string> {
  const response = await handleAuth(new Request(await createSignInLink(), { headers: { host: "localhost:3000" } }));
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

const submit = (headers: Record<string, string>) =>
  handleTrpc(
    new Request("http://localhost:3000/api/trpc/runs.submit", {
      method: "POST",
      body: JSON.stringify(SUBMIT),
      headers: { "content-type": "application/json", ...headers },
    }),
  );

test.each([
  ["its own page", { host: "localhost:3000", origin: "http://localhost:3000" }, 200],
  ["its own page by another name of this machine", { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" }, 200],
  ["another site", { host: "localhost:3000", origin: "https://evil.example" }, 403],
  ["another port of this machine", { host: "localhost:3000", origin: "http://localhost:8080" }, 403],
  ["a sandboxed frame", { host: "localhost:3000", origin: "null" }, 403],
  ["who doesn't say from where", { host: "localhost:3000" }, 403],
  ["a name that was made to point here", { host: "evil.example:3000", origin: "http://evil.example:3000" }, 403],
] as const)("a cookie's change is taken from its own pages only: %s", async (_from, headers, status) => {
  expect((await submit({ cookie: await signIn(), ...headers })).status).toBe(status);
});

test("a token needs no origin", async () => {
  expect((await submit({ host: "localhost:3000", authorization: `Bearer ${ctx.tokens.operator}` })).status).toBe(200);
});

test("signing out ends the session at once", async () => {
  const cookie = await signIn();
  const own = { host: "localhost:3000", origin: "http://localhost:3000", cookie };
  expect((await submit(own)).status).toBe(200);
  const out = await handleAuth(
    new Request("http://localhost:3000/api/auth/sign-out", { method: "POST", body: "{}", headers: { "content-type": "application/json", ...own } }),
  );
  expect(out.status).toBe(200);
  expect((await submit(own)).status).toBe(401);
});

test.each([
  "POST /sign-up/email",
  "POST /sign-in/magic-link",
  "POST /update-user",
  "GET /get-session",
  "GET /magic-link/verify",
  "POST /request-password-reset",
])("what is not offered does not exist: %s", async (endpoint) => {
  const [method = "", path = ""] = endpoint.split(" ");
  const response = await handleAuth(
    new Request(`http://localhost:3000/api/auth${path}`, {
      method,
      headers: { host: "localhost:3000", origin: "http://localhost:3000", "content-type": "application/json" },
      ...(method === "POST" ? { body: JSON.stringify({ email: "a@b.example", password: "a-long-password", name: "x" }) } : {}),
    }),
  );
  expect(response.status).toBe(404);
});

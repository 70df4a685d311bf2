import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
  process.env["CORRAL_ALLOWED_HOSTS"] = "corral.internal, [fd00::1]";
});

import { createSignInLink } from "../auth/sign-in-link.ts";
import { clientAddress } from "../auth/client-address.ts";
import { SIGN_IN_TRIES, countSignIn } from "../auth/sign-in-count.ts";
import { handleAuth } from "./auth-handler.ts";
import { handleLive } from "./live-handler.ts";
import { handleMetrics } from "./metrics/handler.ts";
import { handleRest } from "./rest-handler.ts";
import { OWN_PAGE, callTrpc, cookieOf, createApiTestContext, postAuth } from "./testing.ts";
import type { ApiTestContext, Person } from "./testing.ts";
import { handleTrpc } from "./trpc-handler.ts";

let ctx: ApiTestContext;
let person: Person;
beforeAll(async () => {
  ctx = await createApiTestContext();
  person = await ctx.person("operator");
});
beforeEach(async () => {
  await ctx.database.pool.query("TRUNCATE sign_in_count");
});
afterAll(() => ctx.close());

const bearer = () => ({ authorization: `Bearer ${ctx.tokens.operator}` });
const signIn = (password: string, headers: Record<string, string> = {}, email = person.email) => postAuth("sign-in/email", { email, password }, headers);

/** Every transport, asked for something harmless. */
const TRANSPORTS: Record<string, (headers: Record<string, string>) => Response | Promise<Response>> = {
  tRPC: (headers) => handleTrpc(new Request("http://localhost:3000/api/trpc/session.me", { headers })),
  REST: (headers) => handleRest(new Request("http://localhost:3000/api/v1/lanes", { headers })),
  events: (headers) => handleLive(new Request("http://localhost:3000/api/live", { headers, signal: AbortSignal.timeout(50) })),
  metrics: (headers) => handleMetrics(new Request("http://localhost:3000/metrics", { headers })),
  "sign-in": (headers) =>
    handleAuth(
      new Request("http://localhost:3000/api/auth/sign-out", {
        method: "POST",
        body: "{}",
        headers: { origin: `http://${headers["host"] ?? ""}`, ...headers },
      }),
    ),
};

describe.each(Object.entries(TRANSPORTS))("%s", (name, ask) => {
  test.each([
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.nip.io:3000",
    "localhost@evil.example",
    "",
    "[::2]",
    "corral.internal.evil",
  ])("a name that was made to point here is refused, whatever is sent with it: %s", async (host) => {
    for (const who of [{}, bearer(), { cookie: person.cookie }] as Record<string, string>[]) expect((await ask({ host, ...who })).status).toBe(403);
  });

  test.each(["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "corral.internal", "CORRAL.internal:8443", "[fd00::1]:3000"])(
    "Corral's own names are answered: %s",
    async (host) => {
      expect((await ask({ host, ...(name === "sign-in" ? {} : bearer()) })).status).toBe(200);
    },
  );
});

describe("a page of another site", () => {
  test.each([
    ["posts with the cookie", { origin: "https://evil.example" }],
    ["from another port of this machine", { origin: "http://localhost:8080" }],
    ["from a sandboxed frame", { origin: "null" }],
    ["without saying from where", { origin: "" }],
    ["with its own site named", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
  ])("changes nothing: %s", async (_how, headers) => {
    const sent = { ...OWN_PAGE, cookie: person.cookie, "content-type": "application/json", ...headers };
    const trpc = await handleTrpc(new Request("http://localhost:3000/api/trpc/lanes.pause", { method: "POST", body: '{"lane":"batch"}', headers: sent }));
    const rest = await handleRest(new Request("http://localhost:3000/api/v1/lanes/batch/pause", { method: "POST", headers: sent }));
    const out = await handleAuth(new Request("http://localhost:3000/api/auth/sign-out", { method: "POST", body: "{}", headers: sent }));
    expect([trpc.status, rest.status, out.status]).toEqual([403, 403, 403]);
    expect(await ctx.database.client.lanePause.count()).toBe(0);
  });

  test("reads nothing either, where the browser says whose page it is", async () => {
    const headers = { host: "localhost:3000", cookie: person.cookie, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" };
    expect((await handleTrpc(new Request("http://localhost:3000/api/trpc/session.me", { headers }))).status).toBe(403);
    expect((await handleLive(new Request("http://localhost:3000/api/live", { headers }))).status).toBe(403);
  });

  test("signs nobody in as somebody else", async () => {
    expect((await signIn(person.password, { origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("brute force", () => {
  test("ends at ten tries for an account from an address, also with the right password, until the window is over", async () => {
    for (let tried = 0; tried < SIGN_IN_TRIES.pair; tried += 1) expect((await signIn("a wrong password")).status).toBe(401);
    const blocked = await signIn(person.password);
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers.get("retry-after"))).toBeGreaterThan(0);
    await ctx.database.pool.query("UPDATE sign_in_count SET resets_at = now() - interval '1 second'");
    expect((await signIn(person.password)).status).toBe(200);
  });

  test("compares no more passwords however many come at once, over all processes", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn("a wrong password")));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(SIGN_IN_TRIES.pair);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30 - SIGN_IN_TRIES.pair);
    const failures = await ctx.database.client.auditEntry.count({ where: { action: "session.sign-in-failed" } });
    // The block is one entry, not twenty.
    expect(failures).toBeLessThanOrEqual(2 * (SIGN_IN_TRIES.pair + 1));
  });

  test("of many accounts from one address, and of one account from many, ends too", async () => {
    const countFor = (email: string, address: string) => countSignIn(ctx.database, { email, address });
    for (let tried = 0; tried < SIGN_IN_TRIES.address; tried += 1) expect((await countFor(`a${tried}@example.test`, "192.0.2.1")).allowed).toBe(true);
    expect((await countFor("yet-another@example.test", "192.0.2.1")).allowed).toBe(false);
    expect((await countFor("yet-another@example.test", "192.0.2.2")).allowed).toBe(true);
    for (let tried = 0; tried < SIGN_IN_TRIES.account; tried += 1) await countFor("one@example.test", `198.51.100.${tried}`);
    expect((await countFor("one@example.test", "203.0.113.1")).allowed).toBe(false);
  });

  test("an address is not what a caller writes into a header", () => {
    const headers = new Headers({ "x-forwarded-for": "203.0.113.9, 198.51.100.7", "x-real-ip": "203.0.113.9", "x-corral-peer": "203.0.113.9" });
    expect(clientAddress(headers, 0)).toBeNull();
    // Behind one proxy: what that proxy saw, not what stands further left.
    expect(clientAddress(headers, 1)).toBe("198.51.100.7");
    expect(clientAddress(headers, 2)).toBe("203.0.113.9");
    expect(clientAddress(new Headers({ "x-forwarded-for": "nonsense" }), 1)).toBeNull();
  });

  test("who is not there, and who is, get the same answer after the same work", async () => {
    const timed = async (email: string) => {
      const began = performance.now();
      const answer = await signIn("a wrong password", {}, email);
      return { took: performance.now() - began, status: answer.status, body: (await answer.text()).replace(/"requestId":"[^"]+"/, "") };
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const there = await timed(person.email);
      const absent = await timed(`absent${round}@example.test`);
      expect([there.status, there.body]).toEqual([absent.status, absent.body]);
      known.push(there.took);
      unknown.push(absent.took);
    }
    // Both hash a password; without that one of them would take a hundredth.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 4);
  });
});

describe("sessions", () => {
  test("a cookie that was there before a sign-in is worth nothing after it", async () => {
    const planted = cookieOf(await signIn(person.password));
    const answer = await signIn(person.password, { cookie: planted });
    const fresh = cookieOf(answer);
    expect(fresh).not.toBe(planted);
    expect((await callTrpc("query", "session.me", { cookie: planted })).status).toBe(401);
    expect((await callTrpc("query", "session.me", { cookie: fresh })).status).toBe(200);
    // Nor does one that somebody made up become a session.
    const madeUp = "corral.session_token=chosen-by-somebody.else";
    const after = cookieOf(await signIn(person.password, { cookie: madeUp }));
    expect(after).not.toContain("chosen-by-somebody");
    expect((await callTrpc("query", "session.me", { cookie: madeUp })).status).toBe(401);
  });

  test("the sign-in link ends what was there as well", async () => {
    const planted = cookieOf(await signIn(person.password));
    await ctx.person("administrator");
    const link = new URL(await createSignInLink());
    const answer = await handleAuth(new Request(link, { headers: { host: "localhost:3000", cookie: planted } }));
    expect(answer.status).toBe(303);
    expect((await callTrpc("query", "session.me", { cookie: planted })).status).toBe(401);
    expect((await callTrpc("query", "session.me", { cookie: cookieOf(answer) })).data).toMatchObject({ role: "administrator" });
  });

  test("cookies are the browser's alone, and no answer holds what is in them", async () => {
    const answer = await signIn(person.password);
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Max-Age=\d+/i);
    const secret = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? "").split(".")[0] ?? "";
    expect(secret.length).toBeGreaterThan(20);
    expect(await answer.text()).not.toContain(secret);
    const sessions = await callTrpc("query", "account.sessions", { cookie: cookieOf(answer) });
    expect(JSON.stringify(sessions)).not.toContain(secret);
  });

  test("expire", async () => {
    const cookie = cookieOf(await signIn(person.password));
    await ctx.database.client.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await callTrpc("query", "session.me", { cookie })).status).toBe(401);
    person = { ...person, cookie: cookieOf(await signIn(person.password)) };
  });
});

describe("a token in a URL", () => {
  test.each(["access_token", "token", "api_key", "Authorization", "anything"])("is refused, also beside a good one in the header: %s", async (name) => {
    const query = `${name}=${encodeURIComponent(ctx.tokens.operator)}`;
    for (const headers of [{}, bearer()] as Record<string, string>[]) {
      const rest = await handleRest(new Request(`http://localhost:3000/api/v1/lanes?${query}`, { headers: { host: "localhost:3000", ...headers } }));
      const live = await handleLive(new Request(`http://localhost:3000/api/live?${query}`, { headers: { host: "localhost:3000", ...headers } }));
      const trpc = await handleTrpc(new Request(`http://localhost:3000/api/trpc/session.me?${query}`, { headers: { host: "localhost:3000", ...headers } }));
      expect([rest.status, live.status, trpc.status]).toEqual([400, 400, 400]);
      const text = await rest.text();
      expect(text).toContain("must not be a token");
      expect(text).not.toContain(ctx.tokens.operator);
    }
  });
});

describe("header injection", () => {
  const HOSTILE = "x\r\nSet-Cookie: corral.session_token=planted\r\n\r\n<script>";

  test("a run's name, tags and arguments reach no header", async () => {
    const headers = { ...bearer(), host: "localhost:3000", "content-type": "application/json" };
    const made = await handleRest(
      new Request("http://localhost:3000/api/v1/runs", {
        method: "POST",
        headers,
        body: JSON.stringify({ language: "bash", source: "true", name: HOSTILE, args: [HOSTILE] }),
      }),
    );
    expect([made.status, made.headers.get("set-cookie")]).toEqual([201, null]);
    expect([...made.headers.values()].join()).not.toContain("planted");
  });

  test.each(["/api/v1/runs/%0d%0aSet-Cookie:%20a=b", "/api/v1/%0d%0aX-Injected:1", "/api/v1/runs/x%0d%0ax/output"])(
    "a path comes back in none: %s",
    async (path) => {
      const answer = await handleRest(new Request(`http://localhost:3000${path}`, { headers: { ...bearer(), host: "localhost:3000" } }));
      expect(answer.status).toBe(404);
      expect([answer.headers.get("set-cookie"), answer.headers.get("x-injected")]).toEqual([null, null]);
      expect([...answer.headers.values()].join()).not.toMatch(/[\r\n]/);
    },
  );

  test("an event stream's messages can't be forged by what is in them", async () => {
    const id = await ctx.submit({ name: "a\n\nevent: forged\ndata: {}\n\n" });
    const controller = new AbortController();
    const answer = await handleLive(
      new Request(`http://localhost:3000/api/live?run=${id}`, { headers: { ...bearer(), host: "localhost:3000" }, signal: controller.signal }),
    );
    let text = "";
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      if (text.includes("event: status")) break;
    }
    controller.abort();
    expect(text).not.toMatch(/^event: forged/m);
  });
});

test("a path leads to no file", async () => {
  for (const id of ["../../package.json", "..%2f..%2fpackage.json", "/etc/passwd", "samples/../LICENSE", "weather-report/../../../etc/passwd"]) {
    const sample = await callTrpc("query", "samples.get", { cookie: person.cookie }, { id });
    expect([sample.status, sample.error?.code]).toEqual([404, "not_found"]);
    const rest = await handleRest(
      new Request(`http://localhost:3000/api/v1/runs/${encodeURIComponent(id)}/output`, { headers: { ...bearer(), host: "localhost:3000" } }),
    );
    expect(rest.status).toBe(404);
    expect(await rest.text()).not.toMatch(/root:|"name": "corral"/);
  }
});

test("a body that can't be read is not quoted back: it may hold a password", async () => {
  const answer = await handleAuth(
    new Request("http://localhost:3000/api/auth/sign-in/email", {
      method: "POST",
      body: '{"password": hunter22',
      headers: { "content-type": "application/json", ...OWN_PAGE },
    }),
  );
  expect(answer.status).toBe(400);
  expect(await answer.text()).not.toContain("hunter22");
  const large = await postAuth("sign-in/email", { email: "a@b.test", password: "x".repeat(20_000) });
  expect(large.status).toBe(413);
});

test("a procedure's input ends at 16 MiB", async () => {
  const sent = await callTrpc("mutation", "runs.cancel", bearer(), { id: "x".repeat(17 * 1024 * 1024) });
  expect(sent).toMatchObject({ status: 413, error: { message: "The body is larger than 16 MiB." } });
});

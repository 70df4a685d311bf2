import { createHash } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { authenticateToken, ensureBootstrapToken, issueApiToken } from "./api-tokens.ts";
import { authenticate } from "./authenticate.ts";
import { ensureFirstAdministrator } from "./first-administrator.ts";
import { createSignInLink, redeemSignInLink } from "./sign-in-link.ts";

let ctx: TestContext;

beforeAll(async () => {
  ctx = await createTestContext();
  Object.assign(globalThis, { corralDatabase: ctx.database });
});
beforeEach(async () => {
  await ctx.database.pool.query(`TRUNCATE "user" CASCADE; TRUNCATE verification; TRUNCATE api_token`);
});
afterAll(() => ctx.close());

const follow = (link: string) => redeemSignInLink(new Request(link, { headers: { host: "localhost:3000" } }), { requestId: "a-request", address: "192.0.2.1" });

describe("the one-time link", () => {
  test("signs the administrator in, once", async () => {
    const link = await createSignInLink();
    const signedIn = await follow(link);
    expect([signedIn.status, signedIn.headers.get("location")]).toEqual([303, "/runs"]);
    const [cookie = ""] = signedIn.headers.getSetCookie();
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Lax");
    expect(await authenticate(new Headers({ cookie: cookie.split(";")[0] ?? "" }))).toMatchObject({ kind: "user", role: "administrator" });

    const again = await follow(link);
    expect([again.status, again.headers.get("location"), again.headers.getSetCookie()]).toEqual([303, "/sign-in?error=link", []]);
  });

  test("leaves nothing in the database that it could be made from", async () => {
    const token = new URL(await createSignInLink()).searchParams.get("token") ?? "";
    expect(token.length).toBeGreaterThanOrEqual(32);
    expect(JSON.stringify(await ctx.database.client.verification.findMany())).not.toContain(token);
  });

  test("has an hour", async () => {
    const link = await createSignInLink();
    const [row] = await ctx.database.client.verification.findMany();
    const left = (row?.expiresAt.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(59 * 60_000);
    expect(left).toBeLessThanOrEqual(60 * 60_000);
    await ctx.database.client.verification.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await follow(link)).headers.get("location")).toBe("/sign-in?error=link");
  });

  test("of two at once one signs in", async () => {
    const link = await createSignInLink();
    const answers = await Promise.all([follow(link), follow(link)]);
    expect(new Set(answers.map((answer) => answer.headers.get("location")))).toEqual(new Set(["/runs", "/sign-in?error=link"]));
  });
});

test("a session that was ended counts for nothing", async () => {
  const [cookie = ""] = (await follow(await createSignInLink())).headers.getSetCookie();
  const headers = new Headers({ cookie: cookie.split(";")[0] ?? "" });
  expect(await authenticate(headers)).not.toBeNull();
  await ctx.database.client.session.deleteMany();
  expect(await authenticate(headers)).toBeNull();
});

test("the first administrator is made once", async () => {
  const emails = await Promise.all([1, 2, 3, 4].map(() => ensureFirstAdministrator()));
  expect(new Set(emails).size).toBe(1);
  expect(await ctx.database.client.user.count()).toBe(1);
});

describe("tokens", () => {
  test("are kept as a hash, and carry a role", async () => {
    const { secret: token } = await issueApiToken(ctx.database.client, { name: "ci", role: "operator" });
    const [row] = await ctx.database.client.apiToken.findMany();
    expect(row?.hash).toBe(createHash("sha256").update(token).digest("hex"));
    expect(await authenticate(new Headers({ authorization: `Bearer ${token}` }))).toMatchObject({ kind: "token", name: "ci", role: "operator" });
    expect(await authenticate(new Headers({ authorization: `Bearer ${token}x` }))).toBeNull();
  });

  test("a bad token is not saved by a good cookie", async () => {
    const [cookie = ""] = (await follow(await createSignInLink())).headers.getSetCookie();
    expect(await authenticate(new Headers({ authorization: "Bearer corral_nonsense-nonsense", cookie: cookie.split(";")[0] ?? "" }))).toBeNull();
  });

  test("write down their use at most once a minute", async () => {
    const { secret: token } = await issueApiToken(ctx.database.client, { name: "ci", role: "viewer" });
    const used = async () => (await ctx.database.client.apiToken.findFirstOrThrow()).lastUsedAt?.getTime();
    const start = Date.now();
    for (const [after, expected] of [
      [0, 0],
      [59_000, 0],
      [61_000, 61_000],
    ] as const) {
      await authenticateToken(token, ctx.database, new Date(start + after));
      expect(await used()).toBe(start + expected);
    }
  });

  test("the bootstrap token is made once; revoked it stays so", async () => {
    await ensureBootstrapToken("a-bootstrap-token-0001");
    await ensureBootstrapToken("a-bootstrap-token-0001");
    expect(await authenticateToken("a-bootstrap-token-0001")).toMatchObject({ role: "administrator" });
    await ctx.database.client.apiToken.updateMany({ data: { revokedAt: new Date() } });
    await ensureBootstrapToken("a-bootstrap-token-0001");
    expect(await authenticateToken("a-bootstrap-token-0001")).toBeNull();
  });
});

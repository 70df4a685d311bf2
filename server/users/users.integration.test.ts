import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env["CORRAL_AUTH_SECRET"] = "a-secret-for-tests-of-32-characters-or-more";
});

import { handleAuth } from "../api/auth-handler.ts";
import { handleLive } from "../api/live-handler.ts";
import { OWN_PAGE, callTrpc, cookieOf, createApiTestContext, postAuth } from "../api/testing.ts";
import type { ApiTestContext, Person } from "../api/testing.ts";
import { createSignInLink } from "../auth/sign-in-link.ts";
import type { AuditEntry } from "../contracts/audit.ts";
import type { User } from "../contracts/access.ts";

let ctx: ApiTestContext;
beforeAll(async () => {
  ctx = await createApiTestContext();
});
beforeEach(async () => {
  await ctx.database.pool.query(`DELETE FROM "user"; TRUNCATE audit_entry; TRUNCATE sign_in_count`);
});
afterAll(() => ctx.close());

const mutate = (who: Person, procedure: string, input: unknown = {}) => callTrpc("mutation", procedure, { cookie: who.cookie }, input);
const ask = (who: Person, procedure: string, input: unknown = {}) => callTrpc("query", procedure, { cookie: who.cookie }, input);
const signIn = (who: Pick<Person, "email" | "password">, headers: Record<string, string> = {}) =>
  postAuth("sign-in/email", { email: who.email, password: who.password }, headers);
const sorted = (answers: ({ status: number } | undefined)[]) => answers.map((answer) => answer?.status ?? 0).toSorted((a, b) => a - b);
const tokenOf = (url: string) => new URL(url).hash.slice("#token=".length);
const entries = async () =>
  (await ctx.database.client.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ action, actorName, targetName, before, after }) => ({
    action,
    actorName,
    targetName,
    before,
    after,
  }));

describe("an invitation", () => {
  test("lets somebody set a name and a password, once, and signs them in with the role that was chosen", async () => {
    const admin = await ctx.person("administrator");
    const invited = await mutate(admin, "users.invite", { email: " New@Example.test ", role: "operator" });
    const { user, link } = invited.data as { user: User; link: { url: string } };
    expect(user).toMatchObject({ email: "new@example.test", role: "operator", state: "invited", hasPassword: false });
    // The secret is behind the #, which browsers don't send, and in no table.
    expect(new URL(link.url).search).toBe("");
    const token = tokenOf(link.url);
    expect(token.length).toBeGreaterThanOrEqual(40);
    expect(JSON.stringify(await ctx.database.client.accessLink.findMany())).not.toContain(token);

    expect(await (await postAuth("links/read", { token })).json()).toMatchObject({ purpose: "invitation", email: "new@example.test", role: "operator" });
    expect((await postAuth("links/redeem", { token, password: "too short" })).status).toBe(400);
    const [one, other] = await Promise.all([1, 2].map(() => postAuth("links/redeem", { token, name: "New", password: "a long enough password" })));
    expect(sorted([one, other])).toEqual([200, 404]);
    const cookie = cookieOf(one?.status === 200 ? one : (other ?? Response.error()));
    expect((await callTrpc("query", "session.me", { cookie })).data).toMatchObject({ kind: "user", name: "New", role: "operator" });
    expect((await postAuth("links/read", { token })).status).toBe(404);
    expect((await signIn({ email: "new@example.test", password: "a long enough password" })).status).toBe(200);
  });

  test("for an address that is there already is refused by name, also of two at once", async () => {
    const admin = await ctx.person("administrator");
    const answers = await Promise.all([1, 2, 3].map(() => mutate(admin, "users.invite", { email: "same@example.test", role: "viewer" })));
    expect(sorted(answers)).toEqual([200, 400, 400]);
    expect(answers.find(({ status }) => status === 400)?.error?.fields).toMatchObject([{ path: "email" }]);
  });

  test("that has expired, or was replaced, is worth nothing; who waits can't sign in", async () => {
    const admin = await ctx.person("administrator");
    const { user, link } = (await mutate(admin, "users.invite", { email: "late@example.test", role: "viewer" })).data as { user: User; link: { url: string } };
    const again = (await mutate(admin, "users.resetPassword", { id: user.id })).data as { purpose: string; link: { url: string } };
    expect(again.purpose).toBe("invitation");
    expect((await postAuth("links/read", { token: tokenOf(link.url) })).status).toBe(404);
    await ctx.database.client.accessLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await postAuth("links/redeem", { token: tokenOf(again.link.url), password: "a long enough password" })).status).toBe(404);
    expect((await signIn({ email: "late@example.test", password: "a long enough password" })).status).toBe(401);
  });
});

describe("the last administrator", () => {
  test("can't be demoted, disabled or removed", async () => {
    const admin = await ctx.person("administrator");
    expect(await mutate(admin, "users.changeRole", { id: admin.id, role: "viewer" })).toMatchObject({ status: 409 });
    // By another administrator's right, so that it is not for being oneself.
    const bearer = { authorization: `Bearer ${ctx.tokens.administrator}` };
    for (const verb of ["users.disable", "users.remove"]) expect((await callTrpc("mutation", verb, bearer, { id: admin.id })).status).toBe(409);
    // Whoever is only invited administers nothing yet.
    await mutate(admin, "users.invite", { email: "soon@example.test", role: "administrator" });
    expect(await mutate(admin, "users.changeRole", { id: admin.id, role: "viewer" })).toMatchObject({ status: 409 });
  });

  test("is left, whatever many do at once", async () => {
    for (let round = 0; round < 3; round += 1) {
      await ctx.database.pool.query(`DELETE FROM "user"`);
      const admins = await Promise.all([1, 2, 3, 4].map(() => ctx.person("administrator")));
      const bearer = { authorization: `Bearer ${ctx.tokens.administrator}` };
      const verbs = ["users.changeRole", "users.disable", "users.remove", "users.changeRole"];
      const answers = await Promise.all(
        admins.map(({ id }, index) => callTrpc("mutation", verbs[index] ?? "", bearer, verbs[index] === "users.changeRole" ? { id, role: "viewer" } : { id })),
      );
      expect(sorted(answers)).toEqual([200, 200, 200, 409]);
      expect(await ctx.database.client.user.count({ where: { role: "administrator", disabledAt: null } })).toBe(1);
    }
  });
});

describe("at once, for live sessions, tokens and streams", () => {
  /** Opens a stream and tells when it ends. */
  async function stream(headers: Record<string, string>) {
    const controller = new AbortController();
    const answer = await handleLive(new Request("http://localhost:3000/api/live", { headers: { ...OWN_PAGE, ...headers }, signal: controller.signal }));
    expect(answer.status).toBe(200);
    const ended = (async () => {
      for await (const _piece of answer.body ?? []) if (controller.signal.aborted) return "gone";
      return "ended";
    })();
    return { ended, close: () => controller.abort() };
  }

  const token = async (who: Person, input: Record<string, unknown> = {}) => {
    const made = await mutate(who, "tokens.create", { name: "ci", role: "operator", ...input });
    return made.data as { id: string; secret: string; start: string; role: string };
  };
  const status = async (secret: string, procedure = "lanes.pause") =>
    (await callTrpc("mutation", procedure, { authorization: `Bearer ${secret}` }, { lane: "nonsense" })).status;

  test("a change of role", async () => {
    const admin = await ctx.person("administrator");
    const operator = await ctx.person("operator");
    const { secret } = await token(operator);
    expect([await status(secret), (await mutate(operator, "lanes.pause", { lane: "nonsense" })).status]).toEqual([400, 400]);
    const open = await stream({ cookie: operator.cookie });
    expect((await mutate(admin, "users.changeRole", { id: operator.id, role: "viewer" })).data).toMatchObject({ role: "viewer" });
    expect((await mutate(operator, "lanes.pause", { lane: "nonsense" })).status).toBe(403);
    // The token does no more than its owner may.
    expect(await status(secret)).toBe(403);
    expect(await open.ended).toBe("ended");
  });

  test("disabling and enabling", async () => {
    const admin = await ctx.person("administrator");
    const operator = await ctx.person("operator");
    const { secret } = await token(operator);
    const streams = [await stream({ cookie: operator.cookie }), await stream({ authorization: `Bearer ${secret}` })];
    expect((await mutate(admin, "users.disable", { id: operator.id })).data).toMatchObject({ state: "disabled", sessions: 0 });
    expect([(await ask(operator, "session.me")).status, await status(secret)]).toEqual([401, 401]);
    expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual(["ended", "ended"]);
    expect((await signIn(operator)).status).toBe(401);
    await mutate(admin, "users.enable", { id: operator.id });
    expect((await ask(operator, "session.me")).status).toBe(401);
    expect([(await signIn(operator)).status, await status(secret)]).toEqual([200, 400]);
  });

  test("removal; and what was done stays in their name", async () => {
    const admin = await ctx.person("administrator");
    const operator = await ctx.person("operator");
    const made = await token(operator);
    const open = await stream({ cookie: operator.cookie });
    expect((await mutate(admin, "users.remove", { id: operator.id })).status).toBe(200);
    expect([(await ask(operator, "session.me")).status, await status(made.secret)]).toEqual([401, 401]);
    expect(await open.ended).toBe("ended");
    const { items } = (await ask(admin, "tokens.list")).data as { items: { id: string; state: string }[] };
    expect(items.find(({ id }) => id === made.id)?.state).toBe("revoked");
    expect((await entries()).at(-1)).toMatchObject({ action: "user.remove", before: { email: operator.email, role: "operator", tokens: 1 } });
    expect((await entries()).some(({ action, actorName }) => action === "token.create" && actorName !== null)).toBe(true);
  });

  test("a revoked token, and an ended session", async () => {
    const operator = await ctx.person("operator");
    const { id, secret } = await token(operator);
    const byToken = await stream({ authorization: `Bearer ${secret}` });
    expect((await mutate(operator, "tokens.revoke", { id })).data).toMatchObject({ state: "revoked" });
    expect([await status(secret), await byToken.ended]).toEqual([401, "ended"]);

    const elsewhere = { ...operator, cookie: cookieOf(await signIn(operator)) };
    const bySession = await stream({ cookie: elsewhere.cookie });
    const { items } = (await ask(operator, "account.sessions")).data as { items: { id: string; current: boolean }[] };
    expect(items.map(({ current }) => current)).toEqual([false, true]);
    await mutate(operator, "account.endSession", { id: items[0]?.id });
    expect([(await ask(elsewhere, "session.me")).status, await bySession.ended]).toEqual([401, "ended"]);
    expect((await ask(operator, "session.me")).status).toBe(200);
  });
});

describe("tokens", () => {
  test("never do more than their maker, are shown once, and are each maker's own", async () => {
    const operator = await ctx.person("operator");
    const viewer = await ctx.person("viewer");
    expect((await mutate(operator, "tokens.create", { name: "x", role: "administrator" })).error?.fields).toMatchObject([{ path: "role" }]);
    expect((await mutate(operator, "tokens.create", { name: "x", role: "viewer", expiresAt: "2020-01-01T00:00:00Z" })).error?.fields).toMatchObject([
      { path: "expiresAt" },
    ]);
    const made = (await mutate(operator, "tokens.create", { name: "x", role: "operator" })).data as { id: string; secret: string; start: string };
    expect(made.secret).toMatch(/^corral_[\w-]{43}$/);
    expect(made.secret.startsWith(made.start)).toBe(true);
    expect(made.start.length).toBeLessThan(16);
    const listed = await ask(operator, "tokens.list");
    expect(JSON.stringify(listed)).not.toContain(made.secret);
    expect((listed.data as { items: unknown[] }).items).toHaveLength(1);
    expect(((await ask(viewer, "tokens.list")).data as { items: unknown[] }).items).toHaveLength(0);
    expect((await mutate(viewer, "tokens.revoke", { id: made.id })).status).toBe(404);
    // A token of an operator's makes no tokens: a leaked one must not be able to outlive its revocation.
    const minted = await callTrpc("mutation", "tokens.create", { authorization: `Bearer ${made.secret}` }, { name: "y", role: "viewer" });
    expect(minted.status).toBe(403);
  });

  test("expire", async () => {
    const operator = await ctx.person("operator");
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { id, secret } = (await mutate(operator, "tokens.create", { name: "x", role: "viewer", expiresAt: soon })).data as { id: string; secret: string };
    const me = () => callTrpc("query", "session.me", { authorization: `Bearer ${secret}` });
    expect((await me()).status).toBe(200);
    await ctx.database.client.apiToken.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await me()).status).toBe(401);
    expect((await ask(operator, "tokens.list")).data).toMatchObject({ items: [{ state: "expired" }] });
  });
});

describe("one's own account", () => {
  test("a password is changed with the current one, and every other session ends", async () => {
    const person = await ctx.person("viewer");
    const elsewhere = cookieOf(await signIn(person));
    const next = "another long password";
    expect((await mutate(person, "account.setPassword", { newPassword: next })).error?.fields).toMatchObject([{ path: "currentPassword" }]);
    expect((await mutate(person, "account.setPassword", { currentPassword: "wrong", newPassword: next })).error?.fields).toMatchObject([
      { message: "is wrong" },
    ]);
    expect((await mutate(person, "account.setPassword", { currentPassword: person.password, newPassword: "short" })).error?.fields).toMatchObject([
      { path: "newPassword" },
    ]);
    expect(await mutate(person, "account.setPassword", { currentPassword: person.password, newPassword: next })).toMatchObject({
      status: 200,
      data: { ended: 1 },
    });
    expect((await callTrpc("query", "session.me", { cookie: elsewhere })).status).toBe(401);
    expect((await ask(person, "session.me")).status).toBe(200);
    expect([(await signIn(person)).status, (await signIn({ ...person, password: next })).status]).toEqual([401, 200]);
  });

  test("an e-mail is changed with the current password, and to nobody else's", async () => {
    const person = await ctx.person("viewer");
    const other = await ctx.person("viewer");
    expect((await mutate(person, "account.update", { email: "mine@example.test" })).error?.fields).toMatchObject([{ path: "currentPassword" }]);
    expect((await mutate(person, "account.update", { email: other.email, currentPassword: person.password })).error?.fields).toMatchObject([{ path: "email" }]);
    expect((await mutate(person, "account.update", { name: "Mine", email: "mine@example.test", currentPassword: person.password })).data).toMatchObject({
      name: "Mine",
      email: "mine@example.test",
    });
  });

  test("the first administrator comes by the printed link, sets e-mail and password without one, and signs in with them", async () => {
    const answer = await handleAuth(new Request(await createSignInLink(), { headers: { host: "localhost:3000" } }));
    const first = { id: "", email: "first@example.test", password: "the first password", cookie: cookieOf(answer) };
    expect((await ask(first, "account.get")).data).toMatchObject({ role: "administrator", hasPassword: false });
    expect((await mutate(first, "account.update", { email: first.email })).status).toBe(200);
    expect((await mutate(first, "account.setPassword", { newPassword: first.password })).status).toBe(200);
    expect((await ask(first, "account.get")).data).toMatchObject({ email: first.email, hasPassword: true });
    expect((await mutate(first, "account.setPassword", { newPassword: "yet another password" })).status).toBe(400);
    expect((await signIn(first)).status).toBe(200);
  });

  test("a reset link sets a new password and ends every session", async () => {
    const admin = await ctx.person("administrator");
    const person = await ctx.person("viewer");
    const { link } = (await mutate(admin, "users.resetPassword", { id: person.id })).data as { link: { url: string } };
    const answer = await postAuth("links/redeem", { token: tokenOf(link.url), password: "a quite new password" });
    expect(answer.status).toBe(200);
    expect((await ask(person, "session.me")).status).toBe(401);
    expect([(await signIn(person)).status, (await signIn({ ...person, password: "a quite new password" })).status]).toEqual([401, 200]);
  });
});

test("every change is written down with who, what, before, after and the request, and no secret is in it", async () => {
  const admin = await ctx.person("administrator");
  const person = await ctx.person("viewer");
  await mutate(admin, "users.changeRole", { id: person.id, role: "operator" });
  const made = (await mutate(admin, "tokens.create", { name: "ci", role: "viewer" })).data as { secret: string };
  await mutate(admin, "lanes.pause", { lane: "batch" });
  await mutate(admin, "lanes.pause", { lane: "batch" });
  await mutate(admin, "lanes.resume", { lane: "batch" });
  await postAuth("sign-in/email", { email: "nobody@example.test", password: "a wrong password" });
  const all = (await ask(admin, "audit.list", { limit: 50 })).data as { items: AuditEntry[]; nextCursor: string | null };
  expect(all.items.slice(0, 5).map(({ action, actor }) => [action, actor.kind])).toEqual([
    ["session.sign-in-failed", "nobody"],
    ["lane.resume", "user"],
    ["lane.pause", "user"],
    ["token.create", "user"],
    ["user.change-role", "user"],
  ]);
  expect(all.items[4]).toMatchObject({ target: { id: person.id }, changes: [{ path: "role", before: "viewer", after: "operator" }] });
  expect(all.items[4]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  for (const secret of [made.secret, admin.password, person.password]) expect(JSON.stringify(all)).not.toContain(secret);

  const page = (await ask(admin, "audit.list", { limit: 2 })).data as { items: AuditEntry[]; nextCursor: string };
  const next = (await ask(admin, "audit.list", { limit: 50, cursor: page.nextCursor })).data as { items: AuditEntry[] };
  expect([...page.items, ...next.items].map(({ id }) => id)).toEqual(all.items.map(({ id }) => id));
  const lanes = (await ask(admin, "audit.list", { noun: "lane" })).data as { items: AuditEntry[] };
  expect(lanes.items).toHaveLength(2);
  const byTarget = (await ask(admin, "audit.list", { target: person.id })).data as { items: AuditEntry[] };
  expect(byTarget.items.every(({ target }) => target?.id === person.id)).toBe(true);
  expect((await ask(admin, "audit.list", { cursor: "nonsense" })).error?.fields).toMatchObject([{ path: "cursor" }]);
  expect((await ask(admin, "audit.list", { from: new Date(Date.now() + 60_000).toISOString() })).data).toMatchObject({ items: [] });
});

test("a change that fails leaves no entry", async () => {
  const admin = await ctx.person("administrator");
  const before = (await entries()).length;
  await mutate(admin, "users.changeRole", { id: admin.id, role: "viewer" });
  await mutate(admin, "users.remove", { id: "nobody" });
  expect((await entries()).length).toBe(before);
});

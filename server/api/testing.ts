import { issueApiToken } from "../auth/api-tokens.ts";
import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";
import type { Database } from "../db/client.ts";
import type { Queue } from "../queue/queue.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { inviteUser } from "../users/invite-user.ts";
import { handleAuth } from "./auth-handler.ts";
import { handleTrpc } from "./trpc-handler.ts";

/** A person who has come in by an invitation. */
export type Person = { id: string; email: string; password: string; cookie: string };

/** For tests: a context that is this process's own, so that handlers meet it as they do in service, and a token a role. */
export type ApiTestContext = TestContext & { tokens: Record<Role, string>; person: (role: Role) => Promise<Person> };

/** Opens it on a real PostgreSQL. */
export async function createApiTestContext(): Promise<ApiTestContext> {
  const ctx = await createTestContext();
  const holder = globalThis as typeof globalThis & { corralDatabase?: Database; corralQueue?: Promise<Queue> };
  holder.corralDatabase = ctx.database;
  holder.corralQueue = Promise.resolve(ctx.queue);
  const tokens = await Promise.all(ROLES.map(async (role) => [role, (await issueApiToken(ctx.database.client, { name: `a ${role}`, role })).secret] as const));
  let people = 0;
  const person = async (role: Role): Promise<Person> => {
    const email = `${role}-${(people += 1)}@example.test`;
    const password = `a password of ${email}`;
    const { user, link } = await inviteUser(ctx, { email, role });
    const answer = await postAuth("links/redeem", { token: new URL(link.url).hash.slice("#token=".length), password });
    if (!answer.ok) throw new Error(`The invitation was not taken: ${await answer.text()}`);
    return { id: user.id, email, password, cookie: cookieOf(answer) };
  };
  return { ...ctx, tokens: Object.fromEntries(tokens) as Record<Role, string>, person };
}

/** What a browser says of itself on a page of Corral's own. */
export const OWN_PAGE = { host: "localhost:3000", origin: "http://localhost:3000" };

/** The cookies of an answer, as the browser sends them back. */
export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** Sends a form of the sign-in pages, from one of Corral's own pages. */
export function postAuth(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return handleAuth(
    new Request(`http://localhost:3000/api/auth/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...OWN_PAGE, ...headers },
    }),
  );
}

/** What a procedure answered: its result, or its refusal. */
export type Called = { status: number; data?: unknown; error?: { code: string; fields: { path: string; message: string }[]; message: string } };

/** Calls a procedure over HTTP, as the dashboard does. */
export async function callTrpc(kind: "query" | "mutation", procedure: string, headers: Record<string, string>, input: unknown = {}): Promise<Called> {
  const url = `http://localhost:3000/api/trpc/${procedure}`;
  const response = await handleTrpc(
    kind === "mutation"
      ? new Request(url, { method: "POST", body: JSON.stringify(input), headers: { "content-type": "application/json", ...OWN_PAGE, ...headers } })
      : new Request(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers: { ...OWN_PAGE, ...headers } }),
  );
  const body = (await response.json()) as { result?: { data: unknown }; error?: { message: string; data: { code: string; fields: [] } } };
  return {
    status: response.status,
    ...(body.result === undefined ? {} : { data: body.result.data }),
    ...(body.error === undefined ? {} : { error: { message: body.error.message, ...body.error.data } }),
  };
}

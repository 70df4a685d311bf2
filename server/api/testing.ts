import { createApiToken } from "../auth/api-tokens.ts";
import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";
import type { Database } from "../db/client.ts";
import type { Queue } from "../queue/queue.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";

/** For tests: a context that is this process's own, so that handlers meet it as they do in service, and a token a role. */
export type ApiTestContext = TestContext & { tokens: Record<Role, string> };

/** Opens it on a real PostgreSQL. */
export async function createApiTestContext(): Promise<ApiTestContext> {
  const ctx = await createTestContext();
  const holder = globalThis as typeof globalThis & { corralDatabase?: Database; corralQueue?: Promise<Queue> };
  holder.corralDatabase = ctx.database;
  holder.corralQueue = Promise.resolve(ctx.queue);
  const tokens = await Promise.all(ROLES.map(async (role) => [role, await createApiToken({ name: `a ${role}`, role }, ctx.database)] as const));
  return { ...ctx, tokens: Object.fromEntries(tokens) as Record<Role, string> };
}

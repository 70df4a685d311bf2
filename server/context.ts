import type { Role } from "./contracts/statuses.ts";
import { database } from "./db/client.ts";
import type { Database } from "./db/client.ts";
import { queue } from "./queue/queue.ts";
import type { Queue } from "./queue/queue.ts";

/** Who is asking: a signed-in person, a program with a token, or Corral itself (a worker, the start-up). */
export type Actor = {
  kind: "user" | "token" | "system";
  id: string;
  /** Shown in audit trails and as `submittedBy`. */
  name: string;
  role: Role;
  /** A person's session; the user whose token it is. */
  sessionId?: string;
  ownerId?: string | null;
};

/** The request that something was asked by, as the audit log names it. */
export type Origin = { requestId: string; address: string | null };

/** What every verb is handed besides its input. */
export type ServiceContext = {
  database: Database;
  queue: Queue;
  actor: Actor;
  /** Left out where no request asked: a worker, the start-up. */
  origin?: Origin;
};

/** Corral itself, for what no person asked for. */
export const SYSTEM_ACTOR: Actor = { kind: "system", id: "system", name: "Corral", role: "administrator" };

/** The context of one request in this process, on the process's database and queue. @throws when the database is away. */
export async function createServiceContext(actor: Actor, origin: Origin): Promise<ServiceContext> {
  return { database: database(), queue: await queue(), actor, origin };
}

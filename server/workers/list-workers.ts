import type { ServiceContext } from "../context.ts";
import type { Worker } from "../contracts/workers.ts";
import { readClock } from "../db/read-clock.ts";
import { readLostAttempts } from "./read-lost-attempts.ts";
import { WITH_RUNNING, toWorker } from "./to-worker.ts";

const SHOWN_ENDED_FOR_MS = 24 * 3_600_000;

/** Live workers first, then those that ended within the last day, each with what it runs now, and what it gave up. */
export async function listWorkers(ctx: ServiceContext): Promise<{ items: Worker[] }> {
  const { client } = ctx.database;
  const rows = await client.worker.findMany({
    where: { OR: [{ status: { in: ["active", "draining"] } }, { heartbeatAt: { gt: new Date(Date.now() - SHOWN_ENDED_FOR_MS) } }] },
    orderBy: [{ status: "asc" }, { startedAt: "desc" }],
    take: 200,
    include: WITH_RUNNING,
  });
  const lost = await readLostAttempts(
    client,
    rows.map(({ id }) => id),
  );
  const now = await readClock(client);
  return { items: rows.map((row) => toWorker(row, now, lost.get(row.id))) };
}

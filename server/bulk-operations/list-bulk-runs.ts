import type { ServiceContext } from "../context.ts";
import type { RunStatus } from "../contracts/statuses.ts";
import { listBulkItems } from "./list-bulk-items.ts";
import type { BulkItem } from "./list-bulk-items.ts";

/** `run` is null when its retention has removed it since. */
export type BulkRun = BulkItem & { run: { name: string; status: RunStatus } | null };

/** What became of each run of a bulk operation, a page at a time, with its name and where it stands now. @throws NotFoundError */
export async function listBulkRuns(ctx: ServiceContext, wanted: Parameters<typeof listBulkItems>[1]): Promise<{ items: BulkRun[]; nextCursor: string | null }> {
  const { items, nextCursor } = await listBulkItems(ctx, wanted);
  const rows = await ctx.database.client.run.findMany({
    where: { id: { in: items.map(({ runId }) => runId) } },
    select: { id: true, name: true, status: true },
  });
  const byId = new Map(rows.map(({ id, name, status }) => [id, { name, status }]));
  return { items: items.map((item) => ({ ...item, run: byId.get(item.runId) ?? null })), nextCursor };
}

import type { ServiceContext } from "../context.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { isId, requireId } from "../runs/run-id.ts";

/** What became of a run, or that nothing has yet. */
export const ITEM_RESULTS = ["succeeded", "skipped", "failed", "waiting"] as const;
export type ItemResult = (typeof ITEM_RESULTS)[number];

export type BulkItem = { runId: string; result: "succeeded" | "skipped" | "failed" | null; reason: string | null };

/** What became of each run of a bulk operation, a page at a time; null means not yet. @throws NotFoundError; InvalidInputError for a cursor that is none. */
export async function listBulkItems(
  ctx: ServiceContext,
  { id, result, cursor, limit }: { id: string; result?: ItemResult | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: BulkItem[]; nextCursor: string | null }> {
  if (cursor !== undefined && !isId(cursor)) throw new InvalidInputError([{ path: "cursor", message: "must be the nextCursor of an earlier page." }]);
  const { client } = ctx.database;
  const operation = await client.bulkOperation.findUnique({ where: { id: requireId("bulk operation", id) }, select: { id: true } });
  if (operation === null) throw new NotFoundError("bulk operation", id);
  const rows = await client.bulkItem.findMany({
    where: {
      operationId: id,
      ...(result === undefined ? {} : { result: result === "waiting" ? null : result }),
      ...(cursor === undefined ? {} : { runId: { gt: cursor } }),
    },
    orderBy: { runId: "asc" },
    take: limit + 1,
    select: { runId: true, result: true, reason: true },
  });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.runId ?? null) : null };
}

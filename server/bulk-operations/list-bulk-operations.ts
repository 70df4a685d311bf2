import type { ServiceContext } from "../context.ts";
import type { BulkOperation } from "../contracts/dead-letters.ts";
import { InvalidInputError } from "../errors.ts";
import { isId } from "../runs/run-id.ts";
import { toBulkOperations } from "./to-bulk-operation.ts";

/** A page of bulk operations, the latest first. Ids rise with time (UUIDv7). @throws InvalidInputError for a cursor that is none. */
export async function listBulkOperations(
  { database: { client } }: ServiceContext,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: BulkOperation[]; nextCursor: string | null }> {
  if (cursor !== undefined && !isId(cursor)) throw new InvalidInputError([{ path: "cursor", message: "must be the nextCursor of an earlier page." }]);
  const rows = await client.bulkOperation.findMany({
    ...(cursor === undefined ? {} : { where: { id: { lt: cursor } } }),
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { items: await toBulkOperations(client, page), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

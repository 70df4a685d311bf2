import type { ServiceContext } from "../context.ts";
import type { BulkOperation } from "../contracts/dead-letters.ts";
import { NotFoundError } from "../errors.ts";
import { requireId } from "../runs/run-id.ts";
import { toBulkOperations } from "./to-bulk-operation.ts";

/** A bulk operation with how far it is, counted from its items. @throws NotFoundError */
export async function getBulkOperation({ database: { client } }: ServiceContext, { id }: { id: string }): Promise<BulkOperation> {
  const row = await client.bulkOperation.findUnique({ where: { id: requireId("bulk operation", id) } });
  const [operation] = row === null ? [] : await toBulkOperations(client, [row]);
  if (operation === undefined) throw new NotFoundError("bulk operation", id);
  return operation;
}

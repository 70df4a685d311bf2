import type { ServiceContext } from "../context.ts";
import type { BulkOperation, DiscardDeadLetters } from "../contracts/dead-letters.ts";
import { startBulkOperation } from "../bulk-operations/start-bulk-operation.ts";

/** Starts putting many dead letters aside for good. */
export async function discardDeadLetters(ctx: ServiceContext, input: DiscardDeadLetters): Promise<BulkOperation> {
  return startBulkOperation(ctx, "discard", input);
}

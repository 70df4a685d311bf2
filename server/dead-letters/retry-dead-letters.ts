import type { ServiceContext } from "../context.ts";
import type { BulkOperation, RetryDeadLetters } from "../contracts/dead-letters.ts";
import { startBulkOperation } from "../bulk-operations/start-bulk-operation.ts";
import { resolveLimits, resolveRetry } from "../runs/resolve-policy.ts";
import { readSettings } from "../settings/read-settings.ts";

/**
 * Starts a retry of many dead letters, with other limits or another retry policy where given.
 * @throws LimitExceededError, InvalidInputError when the new policy is refused: before anything is queued.
 */
export async function retryDeadLetters(ctx: ServiceContext, input: RetryDeadLetters): Promise<BulkOperation> {
  const { values: settings } = await readSettings(ctx.database);
  // Multiples stop at the maxima by themselves.
  resolveLimits(settings, input.limits);
  resolveRetry(settings, input.retry);
  return startBulkOperation(ctx, "retry", input);
}

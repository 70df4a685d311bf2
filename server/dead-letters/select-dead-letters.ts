import type { DeadLetterFilter, RetryDeadLetters } from "../contracts/dead-letters.ts";
import type { Prisma } from "../db/generated/client.ts";
import { whereOf } from "../runs/run-filter.ts";
import { isId } from "../runs/run-id.ts";

export type Selection = Pick<RetryDeadLetters, "ids" | "filter" | "excludeIds">;

/** The dead letters that a filter matches. */
export function whereDead({ group, diedBefore, ...filter }: DeadLetterFilter): Prisma.RunWhereInput {
  return {
    ...whereOf(filter),
    status: "dead",
    ...(group === undefined ? {} : { fingerprint: { in: group } }),
    ...(diedBefore === undefined ? {} : { finishedAt: { lt: diedBefore } }),
  };
}

/** The dead letters that a selection means: those named, or those that match and had died by `asOf`, less the excluded. */
export function whereSelected({ ids, filter, excludeIds }: Selection, asOf: Date): Prisma.RunWhereInput {
  const excluded = (excludeIds ?? []).filter(isId);
  return {
    AND: [
      ids === undefined ? whereDead(filter ?? {}) : { id: { in: ids.filter(isId) }, status: "dead" },
      { finishedAt: { lte: asOf } },
      ...(excluded.length === 0 ? [] : [{ id: { notIn: excluded } }]),
    ],
  };
}

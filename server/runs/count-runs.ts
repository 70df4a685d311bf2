import type { ServiceContext } from "../context.ts";
import type { RunFilter } from "../contracts/runs.ts";
import type { Outcome, RunStatus } from "../contracts/statuses.ts";
import { RUN_STATUSES } from "../contracts/statuses.ts";
import { whereOf } from "./run-filter.ts";

export type RunCounts = {
  total: number;
  status: Record<RunStatus, number>;
  outcome: Partial<Record<Outcome, number>>;
  language: Record<string, number>;
};

/**
 * How many runs match, and how they divide. Each division leaves its own part of the filter out, so that a chip shows
 * what choosing it would bring.
 */
export async function countRuns(ctx: ServiceContext, filter: RunFilter): Promise<RunCounts> {
  const { run } = ctx.database.client;
  const [total, byStatus, byOutcome, byLanguage] = await Promise.all([
    run.count({ where: whereOf(filter) }),
    run.groupBy({ by: "status", where: whereOf({ ...filter, status: undefined }), _count: true }),
    run.groupBy({ by: "outcome", where: whereOf({ ...filter, outcome: undefined }), _count: true }),
    run.groupBy({ by: "language", where: whereOf({ ...filter, language: undefined }), _count: true }),
  ]);
  const none = Object.fromEntries(RUN_STATUSES.map((status) => [status, 0])) as Record<RunStatus, number>;
  return {
    total,
    status: { ...none, ...Object.fromEntries(byStatus.map((row) => [row.status, row._count])) },
    outcome: Object.fromEntries(byOutcome.flatMap((row) => (row.outcome === null ? [] : [[row.outcome, row._count]]))),
    language: Object.fromEntries(byLanguage.map((row) => [row.language, row._count])),
  };
}

import type { RunFilter } from "../contracts/runs.ts";
import type { Prisma } from "../db/generated/client.ts";
import { isId } from "./run-id.ts";

/** A filter as a condition on runs. `q` is a run's id, or part of its name. */
export function whereOf(filter: RunFilter): Prisma.RunWhereInput {
  const { status, outcome, language, tag, q, from, to } = filter;
  return {
    ...(status === undefined ? {} : { status: { in: status } }),
    ...(outcome === undefined ? {} : { outcome: { in: outcome } }),
    ...(language === undefined ? {} : { language: { in: language } }),
    ...(tag === undefined ? {} : { tags: { hasEvery: tag } }),
    ...(from === undefined && to === undefined ? {} : { createdAt: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) } }),
    ...(q === undefined || q.trim() === "" ? {} : searched(q.trim())),
  };
}

function searched(q: string): Prisma.RunWhereInput {
  return isId(q) ? { id: q } : { name: { contains: q.replaceAll(/[\\%_]/g, "\\$&"), mode: "insensitive" } };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { listSources } from "./read-imports.ts";
import { STATUS_WRITER, findStatusWrites } from "./status-writes.ts";

const root = join(import.meta.dirname, "../..");

describe("a run's and an attempt's status", () => {
  test("is written in one file alone", () => {
    const sources = listSources(root).filter((path) => /^(server|worker|app|prisma)\//.test(path) && !/\.test\.tsx?$/.test(path));
    const writers = sources.filter((path) => findStatusWrites(readFileSync(join(root, path), "utf8")).length > 0);
    expect(writers).toEqual([STATUS_WRITER]);
  });

  test.each([
    "await tx.run.update({ where: { id }, data: { status: 'dead' } })",
    "client.run.updateMany({ where: { id: { in: ids } }, data: { ...set, status } })",
    "client.attempt.updateManyAndReturn({ data: { outcome, status: 'finished' }, where: {} })",
    "tx.attempt.createMany({ data: [{ runId, status: 'running' }] })",
    "tx.run.upsert({ where: { id }, create: { status: 'queued' }, update: {} })",
    "tx.$executeRaw`UPDATE run SET status = 'dead' WHERE id = ${id}`",
    'tx.$executeRaw`update "attempt" a set finished_at = now(), "status" = \'finished\'`',
  ])("is seen to be written by %s", (statement) => {
    expect(findStatusWrites(statement)).toHaveLength(1);
  });

  test.each([
    "client.run.updateMany({ where: { id, status: 'queued' }, data: { cancelRequestedAt: now } })",
    "client.run.findMany({ where: { status } })",
    "client.worker.update({ where: { id }, data: { status: 'lost' } })",
    "tx.$executeRaw`UPDATE run SET job_id = ${jobId} WHERE status = 'queued'`",
    "tx.run.create({ data: { name, deadLetter }, select: { status: true } })",
  ])("is not written by %s", (statement) => {
    expect(findStatusWrites(statement)).toEqual([]);
  });
});

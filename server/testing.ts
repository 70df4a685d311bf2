import { randomUUID } from "node:crypto";

import { SYSTEM_ACTOR } from "./context.ts";
import type { ServiceContext } from "./context.ts";
import type { SubmitRun } from "./contracts/runs.ts";
import type { Lane, Outcome } from "./contracts/statuses.ts";
import { createTestDatabase } from "./db/testing.ts";
import type { TestDatabase } from "./db/testing.ts";
import { openQueue } from "./queue/queue.ts";
import { leaseRuns } from "./runs/lease-runs.ts";
import type { Lease } from "./runs/lease-runs.ts";
import { settleAttempt } from "./runs/settle-attempt.ts";
import type { Settled, Settlement } from "./runs/settle-attempt.ts";
import { submitRun } from "./runs/submit-run.ts";
import { ANYTHING, registerTestWorker } from "./workers/test-worker.ts";

/** For tests: a context on a database of its own, and short ways to bring runs into any state through the real verbs. */
export type TestContext = ServiceContext & {
  database: TestDatabase;
  workerId: string;
  submit: (changes?: Partial<SubmitRun> & { lane?: Lane; idempotencyKey?: string }) => Promise<string>;
  lease: (count?: number, lane?: Lane) => Promise<Lease[]>;
  settle: (lease: Lease, outcome: Outcome, interruption?: Settlement["interruption"]) => Promise<Settled>;
  /** Submits a run and lets its one attempt fail for good. */
  deadLetter: (changes?: Partial<SubmitRun>) => Promise<string>;
  /** Registers another worker and returns its id. */
  addWorker: () => Promise<string>;
  close: () => Promise<void>;
};

/** Opens a context on a real PostgreSQL with pg-boss and one registered worker. */
export async function createTestContext(): Promise<TestContext> {
  const database = await createTestDatabase();
  const queue = await openQueue(database, "worker");
  const addWorker = () => registerTestWorker(database);
  const workerId = await addWorker();
  const ctx = { database, queue, actor: SYSTEM_ACTOR };

  const test: TestContext = {
    ...ctx,
    workerId,
    addWorker,
    submit: async (changes = {}) => {
      const { run } = await submitRun(ctx, { language: "bash", source: "true", lane: "batch", ...changes });
      return run.id;
    },
    lease: (count = 1, lane = "batch") => leaseRuns(database, queue, { leaseToken: randomUUID(), lane, count, workerId, enforced: true, ...ANYTHING }),
    settle: (lease, outcome, interruption = null) =>
      settleAttempt(database, queue, lease.runId, {
        attemptId: lease.attemptId,
        leaseToken: lease.leaseToken,
        interruption,
        end: { outcome, message: `It ended: ${outcome}.`, exitCode: outcome === "succeeded" ? 0 : 1, signal: null, finishedAt: new Date() },
      }),
    deadLetter: async (changes = {}) => {
      const id = await test.submit({ ...changes, retry: { maxRetries: 0 } });
      const [lease] = await test.lease();
      if (lease?.runId !== id) throw new Error("Another run was due before the dead letter in the making.");
      await test.settle(lease, "exit_nonzero");
      return id;
    },
    close: async () => {
      await queue.stop();
      await database.close();
    },
  };
  return test;
}

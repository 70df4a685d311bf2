import { Logger, makeWorkerUtils, run } from "graphile-worker";
import type { TaskList } from "graphile-worker";

/** graphile-worker in this process, on a database of its own. */
export type Graphile = {
  add: (task: string, payload: object) => Promise<void>;
  /** So many of the same, in one statement. */
  addMany: (task: string, payload: object, count: number) => Promise<void>;
  /** Takes jobs until it is stopped. */
  start: (tasks: TaskList, concurrentJobs: number) => Promise<{ stop: () => Promise<void> }>;
  close: () => Promise<void>;
};

const logger = new Logger(() => () => undefined);

/** Sets it up in an empty database. */
export async function openGraphile(connectionString: string): Promise<Graphile> {
  const utils = await makeWorkerUtils({ connectionString, logger });
  await utils.migrate();
  return {
    add: async (task, payload) => {
      await utils.addJob(task, payload);
    },
    addMany: (task, payload, count) =>
      utils.withPgClient(async (client) => {
        await client.query("SELECT graphile_worker.add_job($1, $2::json) FROM generate_series(1, $3)", [task, JSON.stringify(payload), count]);
      }),
    start: (taskList, concurrentJobs) => run({ connectionString, taskList, concurrency: concurrentJobs, logger, noHandleSignals: true }),
    close: async () => utils.release(),
  };
}

import { Logger, makeWorkerUtils, run } from "graphile-worker";
import type { TaskList } from "graphile-worker";

import { countDown } from "./count-down.ts";

/** graphile-worker in this process, on a database of its own. */
export type Graphile = {
  add: (task: string, payload: object) => Promise<void>;
  /** Takes jobs until it is stopped. */
  start: (tasks: TaskList, concurrentJobs: number) => Promise<{ stop: () => Promise<void> }>;
  /** Works off so many jobs that are added before; milliseconds from the start to the last one's end. */
  drain: (count: number, concurrentJobs: number, work: () => Promise<void> | void) => Promise<number>;
  close: () => Promise<void>;
};

const logger = new Logger(() => () => undefined);

/** Sets it up in an empty database. */
export async function openGraphile(connectionString: string): Promise<Graphile> {
  const utils = await makeWorkerUtils({ connectionString, logger });
  await utils.migrate();
  const addMany = (task: string, count: number) =>
    utils.withPgClient(async (client) => {
      await client.query("SELECT graphile_worker.add_job($1, '{}'::json) FROM generate_series(1, $2)", [task, count]);
    });
  const start = (taskList: TaskList, concurrency: number) => run({ connectionString, taskList, concurrency, logger, noHandleSignals: true });
  return {
    add: async (task, payload) => {
      await utils.addJob(task, payload);
    },
    start,
    drain: async (count, concurrentJobs, work) => {
      await addMany("work", count);
      const { all, done } = countDown(count);
      const began = performance.now();
      const runner = await start(
        {
          work: async () => {
            await work();
            done();
          },
        },
        concurrentJobs,
      );
      await all;
      const took = performance.now() - began;
      await runner.stop();
      return took;
    },
    close: async () => utils.release(),
  };
}

import { flushCompileCache } from "node:module";

import { ConfigError } from "#server/config.ts";

import { startWorker } from "./worker.ts";

/** How a worker process starts and stops: `npm run worker`, or a child of `npm start`. */

const fail = (error: unknown) => {
  // What a person can act on is one sentence; anything else keeps its stack.
  const sentence = error instanceof ConfigError || (error instanceof Error && "code" in error) ? error.message : null;
  process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
};

try {
  const worker = await startWorker({
    onFatal: (reason) => fail(new Error(reason)),
  });
  let stops = 0;
  const stop = () => {
    stops += 1;
    if (stops > 1) return worker.hasten();
    worker.stop().then(() => process.exit(0), fail);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // The starter is gone: nobody else would end this process.
  process.on("disconnect", stop);
  process.send?.({ ready: true });
  // Where the starter asked for a cache: a process that is killed later writes none.
  flushCompileCache();
} catch (error) {
  fail(error);
}

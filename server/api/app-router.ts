import { createCallerFactory, router } from "./procedures.ts";
import { bulkOperationsRouter } from "./routers/bulk-operations.ts";
import { deadLettersRouter } from "./routers/dead-letters.ts";
import { lanesRouter } from "./routers/lanes.ts";
import { overviewRouter } from "./routers/overview.ts";
import { runsRouter } from "./routers/runs.ts";
import { samplesRouter } from "./routers/samples.ts";
import { sessionRouter } from "./routers/session.ts";
import { settingsRouter } from "./routers/settings.ts";
import { workersRouter } from "./routers/workers.ts";

/** Every procedure, by noun. The dashboard calls them over tRPC; the HTTP API calls the same ones in-process. */
export const appRouter = router({
  overview: overviewRouter,
  runs: runsRouter,
  deadLetters: deadLettersRouter,
  bulkOperations: bulkOperationsRouter,
  lanes: lanesRouter,
  settings: settingsRouter,
  workers: workersRouter,
  samples: samplesRouter,
  session: sessionRouter,
});

export type AppRouter = typeof appRouter;

/** Calls procedures in-process, with the roles and validation of every other caller. */
export const createCaller = createCallerFactory(appRouter);

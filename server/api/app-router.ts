import { createCallerFactory, router } from "./procedures.ts";
import { accountRouter } from "./routers/account.ts";
import { auditRouter } from "./routers/audit.ts";
import { bulkOperationsRouter } from "./routers/bulk-operations.ts";
import { deadLettersRouter } from "./routers/dead-letters.ts";
import { lanesRouter } from "./routers/lanes.ts";
import { overviewRouter } from "./routers/overview.ts";
import { runsRouter } from "./routers/runs.ts";
import { samplesRouter } from "./routers/samples.ts";
import { sessionRouter } from "./routers/session.ts";
import { settingsRouter } from "./routers/settings.ts";
import { tokensRouter } from "./routers/tokens.ts";
import { usersRouter } from "./routers/users.ts";
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
  account: accountRouter,
  users: usersRouter,
  tokens: tokensRouter,
  audit: auditRouter,
});

export type AppRouter = typeof appRouter;

/** Calls procedures in-process, with the roles and validation of every other caller. */
export const createCaller = createCallerFactory(appRouter);

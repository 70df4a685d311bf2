import { z } from "zod";

import { idTextSchema } from "../../contracts/text.ts";
import { listWorkers } from "../../workers/list-workers.ts";
import { drainWorker, resumeWorker } from "../../workers/drain-worker.ts";
import { input } from "../input.ts";
import { operatorProcedure, router, viewerProcedure } from "../procedures.ts";

const idSchema = z.strictObject({ id: idTextSchema });

/** The processes that execute attempts. */
export const workersRouter = router({
  list: viewerProcedure.query(({ ctx }) => listWorkers(ctx)),
  drain: operatorProcedure.input(input(idSchema)).mutation(({ ctx, input: wanted }) => drainWorker(ctx, wanted)),
  resume: operatorProcedure.input(input(idSchema)).mutation(({ ctx, input: wanted }) => resumeWorker(ctx, wanted)),
});

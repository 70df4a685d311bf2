import { listWorkers } from "../../workers/list-workers.ts";
import { router, viewerProcedure } from "../procedures.ts";

/** The processes that execute attempts. */
export const workersRouter = router({
  list: viewerProcedure.query(({ ctx }) => listWorkers(ctx)),
});

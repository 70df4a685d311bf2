import { laneIdSchema } from "../../contracts/lanes.ts";
import { listLanes } from "../../lanes/list-lanes.ts";
import { pauseLane, resumeLane } from "../../lanes/pause-lane.ts";
import { input } from "../input.ts";
import { operatorProcedure, router, viewerProcedure } from "../procedures.ts";

/** The queues that runs wait in. */
export const lanesRouter = router({
  list: viewerProcedure.query(({ ctx }) => listLanes(ctx)),
  pause: operatorProcedure.input(input(laneIdSchema)).mutation(({ ctx, input: wanted }) => pauseLane(ctx, wanted)),
  resume: operatorProcedure.input(input(laneIdSchema)).mutation(({ ctx, input: wanted }) => resumeLane(ctx, wanted)),
});

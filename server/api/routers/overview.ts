import { z } from "zod";

import { HISTOGRAM_RANGES } from "../../contracts/overview.ts";
import { getOverview } from "../../overview/get-overview.ts";
import { readHistogram } from "../../overview/read-histogram.ts";
import { input } from "../input.ts";
import { router, viewerProcedure } from "../procedures.ts";

const rangeSchema = z.strictObject({ range: z.enum(HISTOGRAM_RANGES) });

/** How Corral does right now, for the Overview page. */
export const overviewRouter = router({
  get: viewerProcedure.query(({ ctx }) => getOverview(ctx)),
  histogram: viewerProcedure.input(input(rangeSchema)).query(({ ctx, input: wanted }) => readHistogram(ctx, wanted)),
});

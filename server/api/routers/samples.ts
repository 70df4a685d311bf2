import { z } from "zod";

import { idTextSchema } from "../../contracts/text.ts";
import { getSample } from "../../samples/get-sample.ts";
import { listSamples } from "../../samples/list-samples.ts";
import { input } from "../input.ts";
import { router, viewerProcedure } from "../procedures.ts";

/** Scripts to start from on New run. */
export const samplesRouter = router({
  list: viewerProcedure.query(({ ctx }) => listSamples(ctx)),
  get: viewerProcedure.input(input(z.strictObject({ id: idTextSchema }))).query(({ ctx, input: { id } }) => getSample(ctx, { id })),
});

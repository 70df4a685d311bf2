import { z } from "zod";

import { getBulkOperation } from "../../bulk-operations/get-bulk-operation.ts";
import { listBulkItems } from "../../bulk-operations/list-bulk-items.ts";
import { pageSchema } from "../../contracts/runs.ts";
import { input } from "../input.ts";
import { router, viewerProcedure } from "../procedures.ts";

/** Bulk operations: how far they are, and what became of each run. */
export const bulkOperationsRouter = router({
  get: viewerProcedure.input(input(z.strictObject({ id: z.string() }))).query(({ ctx, input: { id } }) => getBulkOperation(ctx, { id })),
  items: viewerProcedure.input(input(pageSchema.extend({ id: z.string() }))).query(({ ctx, input: page }) => listBulkItems(ctx, page)),
});

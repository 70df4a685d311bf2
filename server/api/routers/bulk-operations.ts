import { z } from "zod";

import { getBulkOperation } from "../../bulk-operations/get-bulk-operation.ts";
import { ITEM_RESULTS, listBulkItems } from "../../bulk-operations/list-bulk-items.ts";
import { listBulkOperations } from "../../bulk-operations/list-bulk-operations.ts";
import { listBulkRuns } from "../../bulk-operations/list-bulk-runs.ts";
import { abortBulkOperation, pauseBulkOperation, resumeBulkOperation } from "../../bulk-operations/steer-bulk-operation.ts";
import { pageSchema } from "../../contracts/runs.ts";
import { idTextSchema } from "../../contracts/text.ts";
import { input } from "../input.ts";
import { operatorProcedure, router, viewerProcedure } from "../procedures.ts";

const idSchema = z.strictObject({ id: idTextSchema });

const itemsSchema = pageSchema.extend({ id: idTextSchema, result: z.enum(ITEM_RESULTS).optional() });

/** Bulk operations: how far they are, and what became of each run. */
export const bulkOperationsRouter = router({
  list: viewerProcedure.input(input(pageSchema)).query(({ ctx, input: page }) => listBulkOperations(ctx, page)),
  get: viewerProcedure.input(input(idSchema)).query(({ ctx, input: { id } }) => getBulkOperation(ctx, { id })),
  pause: operatorProcedure.input(input(idSchema)).mutation(({ ctx, input: wanted }) => pauseBulkOperation(ctx, wanted)),
  resume: operatorProcedure.input(input(idSchema)).mutation(({ ctx, input: wanted }) => resumeBulkOperation(ctx, wanted)),
  abort: operatorProcedure.input(input(idSchema)).mutation(({ ctx, input: wanted }) => abortBulkOperation(ctx, wanted)),
  items: viewerProcedure.input(input(itemsSchema)).query(({ ctx, input: page }) => listBulkItems(ctx, page)),
  runs: viewerProcedure.input(input(itemsSchema)).query(({ ctx, input: page }) => listBulkRuns(ctx, page)),
});

import { z } from "zod";

import { compareOutputSchema, findMomentSchema, readLineSchema, readLinesSchema, searchLinesSchema } from "../../contracts/log.ts";
import {
  getRunSchema,
  listRunsSchema,
  manyRunsSchema,
  readOutputSchema,
  retryRunSchema,
  runFilterSchema,
  submitBatchSchema,
  submitRunSchema,
} from "../../contracts/runs.ts";
import { idTextSchema } from "../../contracts/text.ts";
import { cancelRun } from "../../runs/cancel-run.ts";
import { compareOutput } from "../../runs/compare-output.ts";
import { cancelRuns, retryRuns } from "../../runs/many-runs.ts";
import { countRuns } from "../../runs/count-runs.ts";
import { findMoment } from "../../runs/find-moment.ts";
import { getRun } from "../../runs/get-run.ts";
import { listRuns } from "../../runs/list-runs.ts";
import { readLine } from "../../runs/read-line.ts";
import { readLines } from "../../runs/read-lines.ts";
import { readOutput } from "../../runs/read-output.ts";
import { readUsage } from "../../runs/read-usage.ts";
import { retryNow } from "../../runs/retry-now.ts";
import { retryRun } from "../../runs/retry-run.ts";
import { searchLines } from "../../runs/search-lines.ts";
import { submitBatch } from "../../runs/submit-batch.ts";
import { submitRun } from "../../runs/submit-run.ts";
import { input } from "../input.ts";
import { operatorProcedure, router, viewerProcedure } from "../procedures.ts";

const idSchema = z.strictObject({ id: idTextSchema });

const usageSchema = z.strictObject({
  id: idTextSchema,
  attempt: z.int().min(1).optional(),
  afterMs: z.int().min(-1).optional(),
});

/** Runs: submit, read, cancel, retry. */
export const runsRouter = router({
  submit: operatorProcedure.input(input(submitRunSchema)).mutation(async ({ ctx, input: body }) => {
    const { run } = await submitRun(ctx, { ...body, lane: "batch" });
    return run;
  }),
  submitBatch: operatorProcedure.input(input(submitBatchSchema)).mutation(({ ctx, input: body }) => submitBatch(ctx, body)),
  list: viewerProcedure.input(input(listRunsSchema)).query(({ ctx, input: filter }) => listRuns(ctx, filter)),
  counts: viewerProcedure.input(input(runFilterSchema)).query(({ ctx, input: filter }) => countRuns(ctx, filter)),
  get: viewerProcedure.input(input(getRunSchema)).query(({ ctx, input: wanted }) => getRun(ctx, wanted)),
  output: viewerProcedure.input(input(readOutputSchema)).query(({ ctx, input: wanted }) => readOutput(ctx, wanted)),
  lines: viewerProcedure.input(input(readLinesSchema)).query(({ ctx, input: wanted }) => readLines(ctx, wanted)),
  line: viewerProcedure.input(input(readLineSchema)).query(({ ctx, input: wanted }) => readLine(ctx, wanted)),
  searchLines: viewerProcedure.input(input(searchLinesSchema)).query(({ ctx, input: wanted, signal }) => searchLines(ctx, wanted, signal)),
  findMoment: viewerProcedure.input(input(findMomentSchema)).query(({ ctx, input: wanted }) => findMoment(ctx, wanted)),
  compareOutput: viewerProcedure.input(input(compareOutputSchema)).query(({ ctx, input: wanted }) => compareOutput(ctx, wanted)),
  usage: viewerProcedure.input(input(usageSchema)).query(({ ctx, input: wanted }) => readUsage(ctx, wanted)),
  cancel: operatorProcedure.input(input(idSchema)).mutation(({ ctx, input: { id } }) => cancelRun(ctx, { id })),
  retry: operatorProcedure.input(input(retryRunSchema.extend({ id: idTextSchema }))).mutation(({ ctx, input: wanted }) => retryRun(ctx, wanted)),
  cancelMany: operatorProcedure.input(input(manyRunsSchema)).mutation(({ ctx, input: { ids } }) => cancelRuns(ctx, ids)),
  retryMany: operatorProcedure.input(input(manyRunsSchema)).mutation(({ ctx, input: { ids } }) => retryRuns(ctx, ids)),
  retryNow: operatorProcedure.input(input(idSchema)).mutation(({ ctx, input: { id } }) => retryNow(ctx, { id })),
});

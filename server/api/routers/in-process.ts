import { z } from "zod";

import { readOutputSchema, submitRunSchema } from "../../contracts/runs.ts";
import { LANES } from "../../contracts/statuses.ts";
import { idTextSchema, textSchema } from "../../contracts/text.ts";
import { runEvents } from "../../live/run-events.ts";
import { streamRawOutput } from "../../runs/stream-output.ts";
import { placeRun, submitRun } from "../../runs/submit-run.ts";
import { waitForRun } from "../../runs/wait-for-run.ts";
import { readSettings } from "../../settings/read-settings.ts";
import { input } from "../input.ts";
import { readFacts } from "../metrics/read-facts.ts";
import { createCallerFactory, operatorProcedure, router, viewerProcedure } from "../procedures.ts";

const WAIT_MAX_MS = 3_600_000;

const submitOnceSchema = submitRunSchema.extend({ lane: z.enum(LANES), idempotencyKey: textSchema.optional() });
const waitSchema = z.strictObject({ id: idTextSchema, waitMs: z.int().min(0).max(WAIT_MAX_MS), isNew: z.boolean() });
const eventsSchema = z.strictObject({ id: idTextSchema, lastEventId: idTextSchema.optional() });

/** The signal of the caller; every in-process caller gives one. */
const required = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal;

/** What only the HTTP API needs, and what does not travel as one JSON answer. Called in-process, never served by tRPC. */
export const inProcessRouter = router({
  /** Submits a run that somebody waits for, and says how long one may. */
  place: operatorProcedure.input(input(submitOnceSchema)).mutation(async ({ ctx, input: body }) => {
    const { id, made } = await placeRun(ctx, body);
    const settings = made?.settings ?? (await readSettings(ctx.database)).values;
    return { id, created: made !== null, waits: settings.execute };
  }),
  submit: operatorProcedure.input(input(submitOnceSchema)).mutation(({ ctx, input: body }) => submitRun(ctx, body)),
  wait: operatorProcedure.input(input(waitSchema)).query(({ ctx, input: wanted, signal }) => waitForRun(ctx, { ...wanted, signal, include: ["output"] })),
  events: viewerProcedure
    .input(input(eventsSchema))
    .query(({ ctx, input: { id, lastEventId }, signal }) => runEvents(ctx, { id, lastEventId, signal: required(signal) })),
  facts: viewerProcedure.query(({ ctx }) => readFacts(ctx)),
  rawOutput: viewerProcedure.input(input(readOutputSchema)).query(({ ctx, input: wanted }) => streamRawOutput(ctx, wanted)),
});

/** Calls them, with the roles and validation of every other procedure. */
export const createInProcessCaller = createCallerFactory(inProcessRouter);

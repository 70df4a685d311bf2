import { z } from "@hono/zod-openapi";

import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { BRIEF, FULL } from "./examples.ts";
import { askedWait, waitOf } from "./prefer.ts";
import { parseQuery, readBody, withoutOwn } from "./read-request.ts";
import { IdempotencyHeader, enforcementHeader, idempotencyKeyOf, runAnswer, runPath } from "./runs.ts";
import { Run, SubmitRun, json } from "./schemas.ts";

const runHeaders = enforcementHeader.extend({
  Location: z.string().describe("Where the run is found"),
  "Corral-Run-Id": z.string().describe("Its id; on a failure that came after it was accepted, too"),
  "Preference-Applied": z.string().optional().describe("How long was waited for, where Prefer asked for it"),
});

const executeQuery = z.strictObject({
  onDisconnect: z.enum(["cancel", "continue"]).default("cancel").describe("What becomes of the run when the caller goes before its end"),
});

const DESCRIPTION = `As \`POST /api/v1/runs\`, on the interactive lane, whose slots a backlog can't take; then waits. Timeouts, limits, retries with
their backoff and dead-lettering are the same: all attempts fall within the wait.

The id comes with the answer. Who needs it before sends an Idempotency-Key and, while the first request waits, the same one with \`Prefer: respond-async\`:
it is answered at once with the same run.`;

/** /execute: submits to the interactive lane, where a backlog can't starve it, and waits for the end. */
export function serveExecute(app: RestApp): void {
  serve(app, {
    method: "post",
    path: "/execute",
    operationId: "executeRun",
    tag: "Execute",
    role: "operator",
    summary: "Run a script and wait for its result",
    description: DESCRIPTION,
    headers: IdempotencyHeader.extend({
      Prefer: z.string().optional().describe("`wait=SECONDS` (default and maximum are in the settings; more gets the maximum), or `respond-async`: no wait"),
    }),
    query: executeQuery,
    body: { schema: SubmitRun, examples: { brief: BRIEF, full: FULL } },
    answers: {
      200: { description: "The run has ended; with its output.", headers: runHeaders, content: json(Run) },
      202: { description: "The wait ended first; the run goes on at Location.", headers: runHeaders, content: json(Run) },
    },
    problems: [409, 422, 429],
    handle: async (c) => {
      const { onDisconnect } = parseQuery(c, executeQuery);
      const own = { lane: "interactive", idempotencyKey: undefined, ...idempotencyKeyOf(c) };
      const body = withoutOwn(await readBody(c), own);
      const asked = askedWait(c.req.header("prefer"));
      const { id, created, waits } = await call(c.var.inProcess.place, body);
      c.set("runId", id);
      const { waitMs, applied } = waitOf(asked, waits);
      if (applied !== null) c.header("preference-applied", applied);
      c.header("location", runPath(id));

      const ended = await c.var.inProcess.wait({ id, waitMs, isNew: created });
      if (ended !== null) return runAnswer(c, ended);
      // Who only repeated a request leaves the run to the one who made it.
      if (c.req.raw.signal.aborted && onDisconnect === "cancel" && created) return runAnswer(c, await cancelIfOpen(c, id), 202);
      return runAnswer(c, await c.var.caller.runs.get({ id }), 202);
    },
  });
}

/** Nobody reads the answer any more; that it ended in the same moment is no failure. */
async function cancelIfOpen(c: RestContext, id: string) {
  try {
    return await c.var.caller.runs.cancel({ id });
  } catch (error) {
    const run = await c.var.caller.runs.get({ id });
    if (run.finishedAt === null) throw error;
    return run;
  }
}

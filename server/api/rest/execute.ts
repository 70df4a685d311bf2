import { z } from "@hono/zod-openapi";

import { RequestRefused } from "../failure.ts";
import type { RestApp, RestContext } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { waitOf } from "./prefer.ts";
import { readBody, withoutOwn } from "./read-request.ts";
import { IdempotencyHeader, enforcementHeader, idempotencyKeyOf, runAnswer, runPath } from "./runs.ts";
import { Run, SubmitRun, json, problems } from "./schemas.ts";

const runHeaders = enforcementHeader.extend({ Location: z.string(), "Corral-Run-Id": z.string(), "Preference-Applied": z.string().optional() });

/** /execute: submits to the interactive lane, where a backlog can't starve it, and waits for the end. */
export function serveExecute(app: RestApp): void {
  serve(app, {
    method: "post",
    role: "operator",
    path: "/execute",
    summary: "Run a script and wait for its result",
    request: {
      headers: IdempotencyHeader.extend({ prefer: z.string().optional().describe("`wait=SECONDS`; default and maximum are in the settings") }),
      query: z.object({ onDisconnect: z.enum(["cancel", "continue"]).optional().describe("What becomes of the run when the caller goes. Default: cancel") }),
      body: { required: true, content: json(SubmitRun) },
    },
    responses: {
      200: { description: "The run has ended; with its output.", headers: runHeaders, content: json(Run) },
      202: { description: "The wait ended first; the run goes on at Location.", headers: runHeaders, content: json(Run) },
      ...problems(400, 409, 413, 415, 422),
    },
    handle: async (c) => {
      const cancels = onDisconnectOf(c) === "cancel";
      const own = { lane: "interactive", idempotencyKey: undefined, ...idempotencyKeyOf(c) };
      const body = withoutOwn(await readBody(c), own);
      const { execute } = await c.var.caller.settings.get();
      const { waitMs, applied } = waitOf(c.req.header("prefer"), execute);

      const { run, created } = await call(c.var.inProcess.submit, body);
      c.set("runId", run.id);
      if (applied !== null) c.header("preference-applied", applied);
      c.header("location", runPath(run.id));

      const ended = await c.var.inProcess.wait({ id: run.id, waitMs });
      if (ended !== null) return runAnswer(c, ended);
      // Who only repeated a request leaves the run to the one who made it.
      if (c.req.raw.signal.aborted && cancels && created) return runAnswer(c, await cancelIfOpen(c, run.id), 202);
      return runAnswer(c, await c.var.caller.runs.get({ id: run.id }), 202);
    },
  });
}

function onDisconnectOf({ req }: RestContext): "cancel" | "continue" {
  const { onDisconnect = "cancel", ...unknown } = req.query();
  const fields = Object.keys(unknown).map((path) => ({ path, message: "is not a known parameter; onDisconnect is" }));
  if (onDisconnect !== "cancel" && onDisconnect !== "continue") fields.push({ path: "onDisconnect", message: "must be cancel or continue" });
  if (fields.length === 0) return onDisconnect === "continue" ? "continue" : "cancel";
  throw new RequestRefused("invalid_input", fields.map((field) => `${field.path}: ${field.message}`).join("; "), fields);
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

import { z } from "@hono/zod-openapi";

import type { RestApp } from "./endpoint.ts";
import { serve } from "./endpoint.ts";
import { pathParameter } from "./read-request.ts";
import { IdParameter, Worker, json } from "./schemas.ts";

/** /workers */
export function serveWorkers(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/workers",
    operationId: "listWorkers",
    tag: "Workers",
    role: "viewer",
    summary: "List the workers that live, and those that ended within a day",
    answers: { 200: { description: "Each with what it runs now.", content: json(z.object({ items: z.array(Worker) })) } },
    handle: async (c) => c.json(await c.var.caller.workers.list()),
  });

  serve(app, {
    method: "post",
    path: "/workers/{id}/drain",
    operationId: "drainWorker",
    tag: "Workers",
    role: "operator",
    summary: "Let a worker finish what it runs and take nothing new",
    params: IdParameter,
    answers: { 202: { description: "It drains; asking again changes nothing.", content: json(Worker) } },
    problems: [404, 409],
    handle: async (c) => c.json(await c.var.caller.workers.drain({ id: pathParameter(c, "id") }), 202),
  });

  serve(app, {
    method: "post",
    path: "/workers/{id}/resume",
    operationId: "resumeWorker",
    tag: "Workers",
    role: "operator",
    summary: "Let a drained worker take runs again",
    params: IdParameter,
    answers: { 202: { description: "It takes runs.", content: json(Worker) } },
    problems: [404, 409],
    handle: async (c) => c.json(await c.var.caller.workers.resume({ id: pathParameter(c, "id") }), 202),
  });
}

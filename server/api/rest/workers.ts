import { z } from "@hono/zod-openapi";

import type { RestApp } from "./endpoint.ts";
import { serve } from "./endpoint.ts";
import { IdParameter, Worker, json, problems } from "./schemas.ts";

/** /workers */
export function serveWorkers(app: RestApp): void {
  serve(app, {
    method: "get",
    role: "viewer",
    path: "/workers",
    summary: "List the workers that live, and those that ended within a day",
    responses: { 200: { description: "Each with what it runs now.", content: json(z.object({ items: z.array(Worker) })) }, ...problems() },
    handle: async (c) => c.json(await c.var.caller.workers.list()),
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/workers/{id}/drain",
    summary: "Let a worker finish what it runs and take nothing new",
    request: { params: IdParameter },
    responses: { 202: { description: "It drains; asking again changes nothing.", content: json(Worker) }, ...problems(404, 409) },
    handle: async (c) => c.json(await c.var.caller.workers.drain({ id: c.req.param("id") ?? "" }), 202),
  });

  serve(app, {
    method: "post",
    role: "operator",
    path: "/workers/{id}/resume",
    summary: "Let a drained worker take runs again",
    request: { params: IdParameter },
    responses: { 202: { description: "It takes runs.", content: json(Worker) }, ...problems(404, 409) },
    handle: async (c) => c.json(await c.var.caller.workers.resume({ id: c.req.param("id") ?? "" }), 202),
  });
}

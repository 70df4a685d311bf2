import { z } from "@hono/zod-openapi";

import type { RestApp } from "./endpoint.ts";
import { serve } from "./endpoint.ts";
import { Worker, json, problems } from "./schemas.ts";

/** /workers */
export function serveWorkers(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/workers",
    summary: "List the workers that live, and those that ended within a day",
    responses: { 200: { description: "Each with what it runs now.", content: json(z.object({ items: z.array(Worker) })) }, ...problems() },
    handle: async (c) => c.json(await c.var.caller.workers.list()),
  });
}

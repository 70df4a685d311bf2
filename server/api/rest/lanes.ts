import { z } from "@hono/zod-openapi";

import { laneSchema } from "../../contracts/lanes.ts";
import { LANES } from "../../contracts/statuses.ts";
import type { RestApp } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { json, problems } from "./schemas.ts";

const LaneState = laneSchema.meta({ id: "Lane" });
const LaneParameter = z.object({ lane: z.enum(LANES) });

const STEERED = { pause: "Let a lane give out nothing more; submits are accepted and wait", resume: "Let a paused lane give out runs again" };

/** /lanes */
export function serveLanes(app: RestApp): void {
  serve(app, {
    method: "get",
    role: "viewer",
    path: "/lanes",
    summary: "List the lanes with what waits in them",
    responses: { 200: { description: "Both lanes.", content: json(z.object({ items: z.array(LaneState) })) }, ...problems() },
    handle: async (c) => c.json(await c.var.caller.lanes.list()),
  });

  for (const [verb, summary] of Object.entries(STEERED)) {
    serve(app, {
      method: "post",
      role: "operator",
      path: `/lanes/{lane}/${verb}`,
      summary,
      request: { params: LaneParameter },
      responses: { 202: { description: "The lane as it is now; asking again changes nothing.", content: json(LaneState) }, ...problems(400) },
      handle: async (c) => c.json(await call(c.var.caller.lanes[verb as keyof typeof STEERED], { lane: c.req.param("lane") }), 202),
    });
  }
}

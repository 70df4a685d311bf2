import { z } from "@hono/zod-openapi";

import { laneSchema } from "../../contracts/lanes.ts";
import { LANES } from "../../contracts/statuses.ts";
import type { RestApp } from "./endpoint.ts";
import { call, serve } from "./endpoint.ts";
import { pathParameter } from "./read-request.ts";
import { json } from "./schemas.ts";

const LaneState = laneSchema.meta({ id: "Lane" });
const LaneParameter = z.object({ lane: z.enum(LANES) });

const STEERED = { pause: "Let a lane give out nothing more; submits are accepted and wait", resume: "Let a paused lane give out runs again" };

/** /lanes */
export function serveLanes(app: RestApp): void {
  serve(app, {
    method: "get",
    path: "/lanes",
    operationId: "listLanes",
    tag: "Lanes",
    role: "viewer",
    summary: "List the lanes with what waits in them",
    answers: { 200: { description: "Both lanes.", content: json(z.object({ items: z.array(LaneState) })) } },
    handle: async (c) => c.json(await c.var.caller.lanes.list()),
  });

  for (const [verb, summary] of Object.entries(STEERED)) {
    serve(app, {
      method: "post",
      path: `/lanes/{lane}/${verb}`,
      operationId: `${verb}Lane`,
      tag: "Lanes",
      role: "operator",
      summary,
      params: LaneParameter,
      answers: { 202: { description: "The lane as it is now; asking again changes nothing.", content: json(LaneState) } },
      handle: async (c) => c.json(await call(c.var.caller.lanes[verb as keyof typeof STEERED], { lane: pathParameter(c, "lane") }), 202),
    });
  }
}

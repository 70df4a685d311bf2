import { z } from "zod";

import { LANES } from "./statuses.ts";

/** A queue of runs: whether it gives any out, and how much waits in it. */
export const laneSchema = z.object({
  lane: z.enum(LANES),
  paused: z.object({ at: z.iso.datetime(), by: z.string() }).nullable().describe("null: runs are given to workers"),
  queued: z.int(),
  oldestQueuedAt: z.iso.datetime().nullable(),
});
export type LaneState = z.infer<typeof laneSchema>;

export const laneIdSchema = z.strictObject({ lane: z.enum(LANES, `must be ${LANES.join(" or ")}`) });

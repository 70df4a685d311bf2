import type { LinePosition } from "./lines.ts";
import type { Attempt, OutputChunk, Run, RunSummary, UsageSample } from "./runs.ts";

/**
 * What a run's event stream carries (SSE). The id of an event is `<attempt>.<seq>`: the last piece of output the
 * client has seen; a reconnect with it as Last-Event-ID goes on right after.
 */
export type RunEvent =
  | { type: "status"; run: Run }
  | { type: "attempt"; attempt: Attempt }
  | { type: "output"; attempt: number; chunks: OutputChunk[] }
  | { type: "usage"; attempt: number; samples: UsageSample[] };

/**
 * For the dashboard alone: more output waits than a page should be sent at once. The stream goes on after it; what lies between is read
 * when somebody looks at it.
 */
export type BehindEvent = { type: "behind"; attempt: number; seq: number; position: LinePosition };

/** What the dashboard's one stream a tab carries besides: rows that changed, so that lists patch themselves in place. */
export type ListEvent =
  /** Something may have been missed: ask for what is shown anew. */
  | { type: "refresh" }
  | { type: "runs"; runs: RunSummary[] }
  | { type: "workers" }
  | { type: "settings"; version: number }
  | { type: "dead-letter-groups" }
  | { type: "bulk-operation"; id: string };

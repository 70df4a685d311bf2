import { WINDOW_ROWS } from "./log-store.ts";

/** What asks for the end of a run's output, of both streams, before it is known how many attempts it had. */
export const earlyWindowOf = (runId: string) => ({ id: runId, view: "all" as const, from: -WINDOW_ROWS, count: WINDOW_ROWS });

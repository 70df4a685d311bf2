import { expect, test } from "vitest";

import { OPEN_STATUSES, RETRYABLE_STATUSES, RUN_STATUSES } from "../contracts/statuses.ts";
import { RUN_TRANSITIONS, canTransition } from "./run-states.ts";

test("every status is reached from queued", () => {
  const reached = new Set(["queued"]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const status of RUN_STATUSES) if (reached.has(status)) for (const next of RUN_TRANSITIONS[status]) reached.add(next);
  }
  expect([...reached].sort()).toEqual([...RUN_STATUSES].sort());
});

test("succeeded, cancelled and discarded are final", () => {
  for (const final of ["succeeded", "cancelled", "discarded"] as const) expect(RUN_TRANSITIONS[final]).toEqual([]);
});

test("whatever is open can be cancelled, whatever failed for good can be queued again, and nothing else", () => {
  expect(RUN_STATUSES.filter((status) => canTransition(status, "cancelled"))).toEqual([...OPEN_STATUSES]);
  expect(RUN_STATUSES.filter((status) => canTransition(status, "queued")).sort()).toEqual([...RETRYABLE_STATUSES].sort());
});

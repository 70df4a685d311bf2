import { expect, test } from "vitest";

import type { Lease, LeaseRequest } from "#server/runs/lease-runs.ts";

import { createAdmission } from "./admission.ts";
import { createTaker } from "./take-leases.ts";

const capacity = { memoryBytes: 8, cpuMillis: 8 };
const need = { memoryBytes: 4, cpuMillis: 4 };
const leased = (limits: typeof need) => ({ limits }) as Lease;

function taker(lease: (request: Pick<LeaseRequest, "admit">) => Promise<Lease[]>) {
  const admission = createAdmission(capacity);
  return { admission, take: createTaker({ admission, languages: ["bash"], tags: [], taggedOnly: false, memoryBytes: capacity.memoryBytes, lease }) };
}

test("what is leased holds its room, what was cancelled meanwhile does not", async () => {
  const { admission, take } = taker(async ({ admit }) => (admit([need, need]) === 2 ? [leased(need)] : []));
  expect(await take("interactive", 2)).toHaveLength(1);
  expect(admission.admit("interactive", [need, need])).toBe(1);
});

test("a lease that fails gives all room back", async () => {
  const { admission, take } = taker(async ({ admit }) => {
    admit([need, need]);
    throw new Error("the database is away");
  });
  await expect(take("interactive", 2)).rejects.toThrow("away");
  expect(admission.admit("interactive", [need, need])).toBe(2);
});

test("room that one lane is being given is not given to the other", async () => {
  const { take } = taker(async ({ admit }) => {
    const count = admit([need, need]);
    await Promise.resolve();
    return Array.from({ length: count }, () => leased(need));
  });
  const [batch, interactive] = await Promise.all([take("batch", 2), take("interactive", 2)]);
  expect((batch ?? []).length + (interactive ?? []).length).toBe(2);
});

test("what stands behind deliveries of runs that have moved on is taken at once", async () => {
  const answers = [[], [], [leased(need)]];
  const { admission, take } = taker(async ({ admit }) => {
    admit([need]);
    return answers.shift() ?? [];
  });
  expect(await take("interactive", 1)).toHaveLength(1);
  expect(answers).toEqual([]);
  expect(admission.admit("interactive", [need, need])).toBe(1);
});

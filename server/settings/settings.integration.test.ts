import { afterAll, beforeAll, expect, test } from "vitest";

import { ConflictError, InvalidInputError } from "../errors.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { countExceeding } from "./count-exceeding.ts";
import { getSettings } from "./get-settings.ts";
import { listSettingsChanges } from "./list-settings-changes.ts";
import { updateSettings } from "./update-settings.ts";

let ctx: TestContext;

beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());

test("a changed maximum is in force for the next submit, and in the trail", async () => {
  const before = await getSettings(ctx);
  expect(before.version).toBe(1);
  const values = { ...before, limits: { ...before.limits, pidsMax: { default: 32, maximum: 64 } } };
  const after = await updateSettings(ctx, { version: 1, values });
  expect(after).toMatchObject({ version: 2, limits: { pidsMax: { default: 32, maximum: 64 } }, updatedBy: "Corral" });
  await expect(ctx.submit({ limits: { pidsMax: 65 } })).rejects.toThrow("pidsMax 65 (65 processes) is above the maximum of 64");
  const { items } = await listSettingsChanges(ctx);
  expect(items[0]?.changes).toEqual([
    { path: "limits.pidsMax.default", before: 256, after: 32 },
    { path: "limits.pidsMax.maximum", before: 4096, after: 64 },
  ]);
});

test("of several writers from one version one wins, the others are told", async () => {
  const before = await getSettings(ctx);
  const writes = await Promise.allSettled(Array.from({ length: 4 }, () => updateSettings(ctx, { version: before.version, values: before })));
  const refused = writes.filter((write) => write.status === "rejected");
  expect(refused).toHaveLength(3);
  for (const write of refused) expect(write.reason).toBeInstanceOf(ConflictError);
});

test("floor, default, maximum and the host's size stay in order; every wrong field is named", async () => {
  const before = await getSettings(ctx);
  const values = {
    ...before,
    limits: { ...before.limits, memoryBytes: { default: 2 ** 40, maximum: 2 ** 45 }, timeoutMs: { default: 1, maximum: 1000 } },
  };
  const error = await updateSettings(ctx, { version: before.version, values }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InvalidInputError);
  expect((error as InvalidInputError).fields.map((field) => field.path).sort()).toEqual(["limits.memoryBytes.maximum", "limits.timeoutMs.default"]);
  expect((await getSettings(ctx)).version).toBe(before.version);
});

test("runs that wait with more than new maxima are counted, by limit, and stay as they are", async () => {
  for (const limits of [{ memoryBytes: 512 * 2 ** 20 }, { memoryBytes: 256 * 2 ** 20, timeoutMs: 60_000 }, { memoryBytes: 16 * 2 ** 20 }])
    await ctx.submit({ limits });
  const maxima = { memoryBytes: 128 * 2 ** 20, timeoutMs: 50_000, pidsMax: 64 };
  expect(await countExceeding(ctx, { maxima: { memoryBytes: maxima.memoryBytes } })).toEqual({ runs: 2, byLimit: { memoryBytes: 2 }, complete: true });
  // Two of them were given the default of five minutes, which is above it too.
  expect(await countExceeding(ctx, { maxima })).toMatchObject({ runs: 3, byLimit: { memoryBytes: 2, timeoutMs: 3 }, complete: true });
  expect(await countExceeding(ctx, { maxima: {} })).toEqual({ runs: 0, byLimit: {}, complete: true });
});

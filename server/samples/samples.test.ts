import { readFileSync, readdirSync } from "node:fs";

import { expect, test } from "vitest";

import type { ServiceContext } from "../context.ts";
import { submitRunSchema } from "../contracts/runs.ts";
import { NotFoundError } from "../errors.ts";
import { getSample } from "./get-sample.ts";
import { listSamples } from "./list-samples.ts";
import { readEnd } from "./read-sample-file.ts";
import { SAMPLES } from "./samples.ts";

// They ask nothing of a context; e2e/samples.spec.ts runs each of them for real.
const ctx = {} as ServiceContext;

test("every file in samples/ is offered, and every offer has its file", () => {
  expect(readdirSync("samples").sort()).toEqual(SAMPLES.map((sample) => sample.file).sort());
});

test("each available sample is a body that a submit takes", async () => {
  const { items } = await listSamples(ctx);
  expect(items.filter((item) => item.available).length).toBeGreaterThanOrEqual(5);
  expect([...new Set(items.map((item) => item.language))].sort()).toEqual(["bash", "node", "python"]);
  for (const { id } of items.filter((item) => item.available)) {
    const { run } = await getSample(ctx, { id });
    expect(submitRunSchema.parse(run)).toEqual(run);
  }
});

test("one that is not there is refused", async () => {
  await expect(getSample(ctx, { id: "nonsense" })).rejects.toBeInstanceOf(NotFoundError);
});

test("a long file is read from its newest whole lines", async () => {
  const whole = readFileSync("LICENSE", "utf8");
  const end = await readEnd("LICENSE", 100);
  expect(whole.endsWith(end)).toBe(true);
  expect(end.length).toBeLessThanOrEqual(100);
  expect(whole[whole.length - end.length - 1]).toBe("\n");
});

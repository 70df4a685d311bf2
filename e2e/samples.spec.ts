import type { SubmitRun } from "#server/contracts/runs.ts";

import { expect, test } from "./support/test.ts";

/** Every sample that New run offers does what it says, over its real data, on the synchronous path. */

type Sample = { run: SubmitRun };

test("every sample runs; all but the leak succeed", async ({ api }) => {
  const trpc = async <T>(procedure: string, input?: unknown) => {
    const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const response = await api.request.get(`/api/trpc/${procedure}${query}`);
    expect(response.ok(), await response.text()).toBe(true);
    return ((await response.json()) as { result: { data: T } }).result.data;
  };
  const { items } = await trpc<{ items: { id: string; available: boolean; unavailableReason: string | null }[] }>("samples.list");
  const offered = items.filter((item) => item.available);
  expect(offered.length).toBeGreaterThanOrEqual(5);
  const languages = new Set<string>();
  for (const { id } of offered) {
    const sample = await trpc<Sample>("samples.get", { id });
    languages.add(sample.run.language);
    const run = await api.execute(sample.run);
    if (/leak/.test(id)) {
      expect(run).toMatchObject({ status: "dead", outcome: "out_of_memory" });
      expect(run.attempts.length).toBeGreaterThan(1);
    } else {
      expect(run, run.output?.stderr).toMatchObject({ status: "succeeded" });
      expect(run.output?.stdout.length).toBeGreaterThan(50);
    }
  }
  expect([...languages].sort()).toEqual(["bash", "node", "python"]);
});

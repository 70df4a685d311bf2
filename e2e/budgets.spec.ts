import { measureFollowing, measureLongLog, measureScrolling, printLines } from "../bench/ui/measure-log.ts";
import type { Measure } from "../bench/ui/budgets.ts";
import { measurePages, pagesOf } from "../bench/ui/measure-pages.ts";
import { expect, test } from "./support/test.ts";

/** The budgets of `npm run bench:ui`, with gates that a busy machine holds too: they catch what has become of another order. */

function expectWithinGates(measures: readonly Measure[]): void {
  for (const { name, value, gate } of measures) if (gate !== null) expect.soft(value, name).toBeLessThanOrEqual(gate);
}

test("what pages load, paint and shift", async ({ browser, api, suite }) => {
  test.setTimeout(240_000);
  const { id } = await api.submit({ name: "fails", language: "bash", source: "echo out; echo err >&2; exit 3", retry: { maxRetries: 0 } });
  await api.untilEnded(id);
  expectWithinGates(await measurePages(browser, { baseURL: suite.url, storageState: suite.storageState }, pagesOf(id), { rounds: 1, throttled: false }));
});

test("a log of a million lines opens, jumps and is searched; one of 200,000 scrolls", async ({ page, api }) => {
  test.setTimeout(420_000);
  const [million, twoHundredThousand] = [await printLines(api, 1_000_000), await printLines(api, 200_000)];
  expectWithinGates(await measureLongLog(page, million, 1_000_000));
  expectWithinGates(await measureScrolling(page, twoHundredThousand));
});

test("5,000 lines a second are followed, and a line is seen soon after it was printed", async ({ page, api }) => {
  test.setTimeout(240_000);
  expectWithinGates(await measureFollowing(page, api));
});

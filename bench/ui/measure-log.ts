import type { Page } from "@playwright/test";

import type { Api } from "../../e2e/support/api.ts";
import type { Measure } from "./budgets.ts";
import { quantile } from "../statistics.ts";
import { logBudgets, measured } from "./budgets.ts";

const MIB = 1024 ** 2;
const SCROLL_MS = 6_000;
const STREAM_MS = 8_000;

const longLog = (lines: number) => `
import sys
for start in range(0, ${lines}, 1000):
    sys.stdout.write("".join(f"row {number + 1} of the export was written without a fault\\n" for number in range(start, min(${lines}, start + 1000))))
`;

const STREAM = `
import sys, time
due = time.monotonic()
for turn in range(250):
    sys.stdout.write("".join(f"line {turn * 500 + index + 1} of very many\\n" for index in range(500)))
    sys.stdout.flush()
    due += 0.1
    time.sleep(max(0, due - time.monotonic()))
`;

const STAMPS = `
import time
for turn in range(100):
    print(f"stamp {int(time.time() * 1000)}", flush=True)
    time.sleep(0.15)
`;

/** A run that printed so many lines, and has ended. Returns its id. */
export async function printLines(api: Api, lines: number): Promise<string> {
  const { id } = await api.submit({
    name: `${lines} lines`,
    language: "python",
    source: longLog(lines),
    limits: { outputMaxBytes: 128 * MIB },
    retry: { maxRetries: 0 },
  });
  await api.untilEnded(id, 180_000);
  return id;
}

/** Waits in the page until its log shows a text; milliseconds since the page began to load, or since `from`. */
function untilShown(page: Page, text: string, from = 0): Promise<number> {
  return page.evaluate(
    ([wanted, since]) =>
      new Promise<number>((resolve, reject) => {
        const deadline = performance.now() + 60_000;
        const look = () => {
          if (document.querySelector("[role=log]")?.textContent?.includes(wanted)) resolve(performance.now() - since);
          else if (performance.now() > deadline) reject(new Error(`"${wanted}" was never shown.`));
          else requestAnimationFrame(look);
        };
        look();
      }),
    [text, from] as const,
  );
}

async function jump(page: Page, share: number, text: string): Promise<number> {
  const from = await page.evaluate((to) => {
    const log = document.querySelector("[role=log]");
    if (log !== null) log.scrollTop = to * log.scrollHeight;
    return performance.now();
  }, share);
  return untilShown(page, text, from);
}

/** Opening, jumping through and searching a log of so many lines. */
export async function measureLongLog(page: Page, runId: string, lines: number): Promise<Measure[]> {
  await page.goto(`/runs/${runId}`);
  const open = await untilShown(page, `row ${lines} of`);
  await jump(page, 0, "row 1 of");
  const end = await jump(page, 1, `row ${lines} of`);
  const began = performance.now();
  await page.getByRole("searchbox", { name: "Search the output" }).fill(`row ${lines - 1} of`);
  await page.getByRole("status", { name: "Matching lines" }).filter({ hasText: "1 of 1" }).waitFor({ timeout: 60_000 });
  const search = performance.now() - began;
  return [measured(logBudgets.open, open), measured(logBudgets.end, end), measured(logBudgets.search, search)];
}

/** The lengths of frames, milliseconds, over a time in which the log is scrolled by so much a frame. */
function frames(page: Page, forMs: number, pxAFrame: number): Promise<number[]> {
  return page.evaluate(
    ([length, step]) =>
      new Promise<number[]>((resolve) => {
        const log = document.querySelector("[role=log]");
        const lengths: number[] = [];
        const start = performance.now();
        let last = start;
        const frame = (now: number) => {
          lengths.push(now - last);
          last = now;
          if (log !== null && step > 0) log.scrollTop += step;
          if (now - start < length) requestAnimationFrame(frame);
          else resolve(lengths.slice(2));
        };
        requestAnimationFrame(frame);
      }),
    [forMs, pxAFrame] as const,
  );
}

/** Scrolling a log of 200,000 lines, and using what stands around it. */
export async function measureScrolling(page: Page, runId: string): Promise<Measure[]> {
  await page.goto(`/runs/${runId}`);
  await untilShown(page, "row 200000 of");
  await jump(page, 0.2, "row 40");
  const lengths = await frames(page, SCROLL_MS, 90);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  await page.evaluate(() => {
    const slowest = { ms: 0 };
    Object.assign(window, { slowest });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) slowest.ms = Math.max(slowest.ms, entry.duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  for (const name of ["Times", "Wrap", "Wrap", "Times", "Follow"]) await page.getByRole("button", { name, exact: true }).click();
  await page.waitForTimeout(300);
  const interaction = await page.evaluate(() => (window as unknown as { slowest: { ms: number } }).slowest.ms);
  return [
    measured(logBudgets.scrollP50, quantile(lengths, 0.5)),
    measured(logBudgets.scrollP95, quantile(lengths, 0.95)),
    measured(logBudgets.nodes, nodes),
    measured(logBudgets.interaction, interaction),
  ];
}

/** Following a run that prints 5,000 lines a second, and how soon after it was printed a line is seen. */
export async function measureFollowing(page: Page, api: Api): Promise<Measure[]> {
  const stream = await api.submit({
    name: "5,000 lines a second",
    language: "python",
    source: STREAM,
    limits: { outputMaxBytes: 64 * MIB },
    retry: { maxRetries: 0 },
  });
  await page.goto(`/runs/${stream.id}`);
  await untilShown(page, "of very many");
  const lengths = await frames(page, STREAM_MS, 0);
  await api.untilEnded(stream.id, 120_000);

  const stamps = await api.submit({ name: "stamps", language: "python", source: STAMPS, retry: { maxRetries: 0 } });
  await page.goto(`/runs/${stamps.id}`);
  await untilShown(page, "stamp ");
  const delays = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const seen = new Map<string, number>();
        const start = Date.now();
        const look = () => {
          for (const row of document.querySelectorAll("[role=log] [data-row]")) {
            const stamp = /stamp (\d+)/.exec(row.textContent ?? "")?.[1];
            // What was printed before we looked was not seen appearing.
            if (stamp !== undefined && Number(stamp) > start && !seen.has(stamp)) seen.set(stamp, Date.now() - Number(stamp));
          }
          if (Date.now() - start < 10_000) requestAnimationFrame(look);
          else resolve([...seen.values()]);
        };
        requestAnimationFrame(look);
      }),
  );
  if (delays.length < 20) throw new Error(`Only ${delays.length} stamps were seen.`);
  return [measured(logBudgets.streamP95, quantile(lengths, 0.95)), measured(logBudgets.visibleP95, quantile(delays, 0.95))];
}

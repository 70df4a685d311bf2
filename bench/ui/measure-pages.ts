import type { Browser, BrowserContextOptions, Page } from "@playwright/test";

import type { Measure } from "./budgets.ts";
import { quantile } from "../statistics.ts";
import { measured, pageBudgets } from "./budgets.ts";

/** A page with what it may load, kB: at once, and later by itself. */
export type MeasuredPage = { name: string; path: string; js: number; lazyJs?: number };

const KB = 1_000;
const LIST_KB = 240;
/** Long enough for what loads late, and for what then shifts. */
const SETTLE_MS = 1_500;

/** Every page; `runId` is a run that has ended. */
export const pagesOf = (runId: string): MeasuredPage[] => [
  { name: "Runs", path: "/runs", js: LIST_KB },
  { name: "Dead letters", path: "/dead-letters", js: LIST_KB },
  { name: "Workers", path: "/workers", js: LIST_KB },
  { name: "Settings", path: "/settings", js: LIST_KB },
  { name: "Run", path: `/runs/${runId}`, js: 260 },
  { name: "New run", path: "/runs/new", js: 260, lazyJs: 170 },
];

type Load = { js: number; lazyJs: number; lcp: number; cls: number; strangers: number };

/** Loads a page with an empty cache and says what that took. */
async function load(browser: Browser, context: BrowserContextOptions & { baseURL: string }, path: string, throttle: number): Promise<Load> {
  const opened = await browser.newContext(context);
  try {
    const page = await opened.newPage();
    const counted = { js: 0, lazyJs: 0, strangers: 0 };
    let isLoaded = false;
    page.once("domcontentloaded", () => (isLoaded = true));
    const sizes: Promise<void>[] = [];
    const late = new WeakSet<object>();
    page.on("request", (request) => {
      if (isLoaded) late.add(request);
      if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== context.baseURL) counted.strangers += 1;
    });
    page.on("requestfinished", (request) => {
      if (request.resourceType() !== "script") return;
      const kind = late.has(request) ? "lazyJs" : "js";
      sizes.push(
        request.sizes().then(({ responseBodySize }) => {
          counted[kind] += responseBodySize / KB;
        }),
      );
    });
    await page.addInitScript(observe);
    if (throttle > 1) await (await opened.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: throttle });
    // The event stream never ends, so that the network is never idle.
    await page.goto(path, { waitUntil: "load" });
    await page.waitForFunction(() => document.querySelector('main [aria-busy="true"]') === null && document.querySelector("main h1") !== null);
    await page.waitForTimeout(SETTLE_MS);
    await Promise.all(sizes);
    return { ...counted, ...(await readObserved(page)) };
  } finally {
    await opened.close();
  }
}

/** Runs in the page, before anything of its own. */
function observe(): void {
  const vitals = { lcp: 0, cls: 0 };
  Object.assign(window, { vitals });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) vitals.lcp = Math.max(vitals.lcp, entry.startTime);
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) vitals.cls += entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

const readObserved = (page: Page) => page.evaluate(() => (window as unknown as { vitals: { lcp: number; cls: number } }).vitals);

/** What every page loads, paints and shifts; the median of so many loads. `throttled` measures once more with a slow processor. */
export async function measurePages(
  browser: Browser,
  context: BrowserContextOptions & { baseURL: string },
  pages: readonly MeasuredPage[],
  { rounds, throttled }: { rounds: number; throttled: boolean },
): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const { name, path, js, lazyJs } of pages) {
    const loads: Load[] = [];
    for (let round = 0; round < rounds; round += 1) loads.push(await load(browser, context, path, 1));
    const median = (of: (one: Load) => number) => quantile(loads.map(of), 0.5);
    // Without a lazy part of its own what comes late counts as well.
    measures.push(
      measured(
        pageBudgets.js(name, js),
        median((one) => one.js + (lazyJs === undefined ? one.lazyJs : 0)),
      ),
    );
    if (lazyJs !== undefined)
      measures.push(
        measured(
          pageBudgets.js(`${name}, its editor`, lazyJs),
          median((one) => one.lazyJs),
        ),
      );
    measures.push(
      measured(
        pageBudgets.lcp(name),
        median((one) => one.lcp),
      ),
      measured(
        pageBudgets.cls(name),
        median((one) => one.cls),
      ),
      measured(
        pageBudgets.strangers(name),
        median((one) => one.strangers),
      ),
    );
    if (throttled) measures.push(measured(pageBudgets.lcpThrottled(name), (await load(browser, context, path, 4)).lcp));
  }
  return measures;
}

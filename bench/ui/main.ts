import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, request as playwrightRequest } from "@playwright/test";

import { createApi } from "../../e2e/support/api.ts";
import { startInstance } from "../../e2e/support/instance.ts";
import playwrightConfig from "../../playwright.config.ts";
import { toReport } from "./budgets.ts";
import type { Measure } from "./budgets.ts";
import { measureFollowing, measureLongLog, measureScrolling, printLines } from "./measure-log.ts";
import { measurePages, pagesOf } from "./measure-pages.ts";

// `npm run bench:ui`: what the dashboard costs in a real browser, beside its budgets, as one table. Ends with 1 when one is over. The
// figures mean something on a machine that does nothing else.

const ROUNDS = 3;
const REPORT = "test-results/bench-ui.md";

const dataDir = mkdtempSync(join(tmpdir(), "corral-bench-ui-"));
const token = `bench-${randomBytes(24).toString("hex")}`;
const instance = await startInstance({ dataDir, token });
const browser = await chromium.launch(playwrightConfig.use?.launchOptions);
const measures: Measure[] = [];
try {
  const request = await playwrightRequest.newContext({ baseURL: instance.url, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
  const api = createApi(request);
  const signedIn = await browser.newContext({ baseURL: instance.url });
  const page = await signedIn.newPage();
  await page.goto(instance.signInLink);
  await page.waitForURL(/\/runs/);
  const storageState = await signedIn.storageState();

  const [million, twoHundredThousand] = [await printLines(api, 1_000_000), await printLines(api, 200_000)];
  const small = await api.submit({ name: "fails", language: "bash", source: "echo out; echo err >&2; exit 3", retry: { maxRetries: 0 } });
  await api.untilEnded(small.id);

  measures.push(...(await measurePages(browser, { baseURL: instance.url, storageState }, pagesOf(small.id), { rounds: ROUNDS, throttled: true })));
  measures.push(...(await measureLongLog(page, million, 1_000_000)));
  measures.push(...(await measureScrolling(page, twoHundredThousand)));
  measures.push(...(await measureFollowing(page, api)));
  await request.dispose();
} finally {
  await browser.close();
  await instance.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

const where = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, load ${loadavg()[0]?.toFixed(1)}, Chromium, Node.js ${process.version}`;
const report = `${where}\n\n${toReport(measures)}\n`;
mkdirSync("test-results", { recursive: true });
writeFileSync(REPORT, report);
console.log(report);
process.exit(measures.every(({ value, budget }) => value <= budget) ? 0 : 1);

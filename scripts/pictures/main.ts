import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, request as playwrightRequest } from "@playwright/test";

import playwrightConfig from "../../playwright.config.ts";
import { createApi } from "../../e2e/support/api.ts";
import { startInstance } from "../../e2e/support/instance.ts";
import { INSTANCE_FILE } from "../start/instance-file.ts";
import type { InstanceFile } from "../start/instance-file.ts";
import { writeHistory } from "./history.ts";
import { PICTURES } from "./pictures.ts";
import { submitRuns } from "./submit-runs.ts";

// `npm run pictures`: the README's pictures, taken of a Corral that is started for it, with a day of history and real runs on top. They
// show what the dashboard looks like now; take them again when it changes.

const DIRECTORY = "docs";
const MAX_BYTES = 200_000;
const TOKEN = "pictures-0123456789abcdef";

const dataDir = mkdtempSync(join(tmpdir(), "corral-pictures-"));
const instance = await startInstance({ dataDir, token: TOKEN });
try {
  const { databaseUrl } = JSON.parse(readFileSync(join(dataDir, INSTANCE_FILE), "utf8")) as InstanceFile;
  await writeHistory(databaseUrl);
  const request = await playwrightRequest.newContext({ baseURL: instance.url, extraHTTPHeaders: { Authorization: `Bearer ${TOKEN}` } });
  const runs = await submitRuns(createApi(request));

  const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {});
  const context = await browser.newContext({
    baseURL: instance.url,
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(instance.signInLink);
  // As everybody is after their first minute: else each page shows the notice that asks for it.
  for (const [procedure, data] of [
    ["account.update", { name: "Ada", email: "ada@example.com" }],
    ["account.setPassword", { newPassword: randomBytes(16).toString("hex") }],
  ] as const) {
    const answer = await context.request.post(`/api/trpc/${procedure}`, { data, headers: { origin: instance.url } });
    if (!answer.ok()) throw new Error(`${procedure}: ${await answer.text()}`);
  }
  mkdirSync(DIRECTORY, { recursive: true });
  for (const { name, path, isReady } of PICTURES) {
    await page.goto(path(runs));
    await isReady(page);
    await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
    const file = join(DIRECTORY, `${name}.png`);
    await page.screenshot({ path: file, animations: "disabled" });
    const { size } = statSync(file);
    console.log(`${file}: ${Math.round(size / 1000)} kB`);
    if (size > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES / 1000} kB.`);
  }
  await browser.close();
  await request.dispose();
} finally {
  await instance.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

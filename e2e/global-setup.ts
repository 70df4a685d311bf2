import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "@playwright/test";
import type { FullConfig } from "@playwright/test";

import { startInstance } from "./support/instance.ts";
import { processesWith } from "./support/processes.ts";
import { STATE_FILE } from "./support/state-file.ts";
import type { SuiteState } from "./support/state-file.ts";

/** Starts one Corral for the suite, signs in by its one-time link, and stops it at the end without leaving a process. */
export default async function setUp(config: FullConfig) {
  const dataDir = mkdtempSync(join(tmpdir(), "corral-e2e-"));
  const token = `e2e-${randomBytes(24).toString("hex")}`;
  const instance = await startInstance({ dataDir, token });

  const launchOptions = config.projects[0]?.use.launchOptions ?? {};
  const browser = await chromium.launch(launchOptions);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(instance.signInLink);
  await page.waitForURL(/\/runs/);
  const storageState = await context.storageState();
  await browser.close();

  writeFileSync(STATE_FILE, JSON.stringify({ url: instance.url, token, dataDir, signInLink: instance.signInLink, storageState } satisfies SuiteState), {
    mode: 0o600,
  });

  return async () => {
    await instance.stop();
    const left = processesWith(dataDir);
    if (left.length > 0) throw new Error(`Corral left processes behind: ${left.join(", ")}. It said:\n${instance.output()}`);
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(STATE_FILE, { force: true });
  };
}

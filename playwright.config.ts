import { defineConfig } from "@playwright/test";

import { findProgram } from "./scripts/system-packages.ts";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
const executablePath = BROWSERS.map(findProgram).find((path) => path !== null);
if (executablePath === undefined) throw new Error("There is no Chromium on this machine. Install with: apt-get install -y chromium");

/**
 * The machine's own Chromium against a whole Corral that the set-up starts. The flags keep the browser from what a
 * build machine lacks (a user namespace, a GPU) and from calling home.
 */
const args = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/global-setup.ts",
  outputDir: "test-results/e2e",
  // One Corral and one machine's cores for all: tests beside one another would measure one another.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // A test that passes at the second try is a finding, not a pass.
  retries: 0,
  timeout: 120_000,
  globalTimeout: 30 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  // Pictures and snapshots of every step cost a third of the time; `--trace on` makes them when a failure is looked into.
  use: {
    launchOptions: { executablePath, args },
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false, sources: false },
    screenshot: "only-on-failure",
  },
});

import type { Page } from "@playwright/test";

import type { SubmittedRuns } from "./submit-runs.ts";

type Picture = { name: string; path: (runs: SubmittedRuns) => string; isReady: (page: Page) => Promise<void> };

const isLive = (page: Page) => page.getByRole("status", { name: "Updates: Live" }).waitFor();

/** What is taken, and when each page is complete. */
export const PICTURES: Picture[] = [
  {
    name: "overview",
    path: () => "/",
    isReady: async (page) => {
      await page.getByRole("list", { name: "Groups" }).getByRole("listitem").nth(2).waitFor();
      await page.getByRole("listbox", { name: /Runs by outcome/ }).waitFor();
      await isLive(page);
    },
  },
  {
    name: "run",
    path: ({ outOfMemory }) => `/runs/${outOfMemory}`,
    isReady: async (page) => {
      await page.getByRole("region", { name: "Why it failed" }).waitFor();
      await page
        .getByRole("log", { name: /Output of attempt/ })
        .getByText("resizing")
        .first()
        .waitFor();
      await isLive(page);
    },
  },
  {
    name: "dead-letters",
    path: () => "/dead-letters",
    isReady: async (page) => {
      await page.getByText("resize images").first().waitFor();
      await isLive(page);
    },
  },
  {
    name: "new-run",
    path: () => "/runs/new?sample=weather-report",
    isReady: async (page) => {
      await page.locator(".cm-line", { hasText: "import" }).first().waitFor();
      await page.locator(".cm-line span").first().waitFor();
      // The word of what was loaded goes by itself.
      await page.getByText("Loaded the sample").waitFor({ state: "detached", timeout: 30_000 });
      await isLive(page);
    },
  },
];

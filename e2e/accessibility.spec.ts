import { AxeBuilder } from "@axe-core/playwright";

import { expect, test } from "./support/test.ts";

/** axe finds nothing on any page, light and dark, wide and narrow, and no page scrolls sideways. */

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
const VIEWPORTS = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of VIEWPORTS) {
    test(`${colorScheme}, ${viewport.width} px`, async ({ browser, suite, api }) => {
      const { id } = await api.execute({ name: "to be looked at", language: "bash", source: "echo out; echo err >&2; exit 1", retry: { maxRetries: 0 } });
      const context = await browser.newContext({ baseURL: suite.url, storageState: suite.storageState, colorScheme, viewport });
      const page = await context.newPage();
      for (const path of [
        "/runs",
        "/runs?q=matches-nothing-at-all",
        `/runs/${id}`,
        "/runs/new",
        "/dead-letters",
        "/settings",
        "/workers",
        "/api-reference",
        "/sign-in",
      ]) {
        await page.goto(path);
        await expect(page.getByRole("main")).toBeVisible();
        // The stream stays open for ever, so the network is never idle: what is shown says when it is complete.
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        if (path !== "/sign-in") await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
        expect(
          violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`),
          path,
        ).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  }
}

import type { Page } from "@playwright/test";

import { deadLetters } from "./support/dead-letters.ts";
import { expectGoodLooks } from "./support/looks.ts";
import { expect, test } from "./support/test.ts";

/** axe finds nothing on dead letters, bulk operations, settings and workers, in any of their states, and nothing scrolls sideways. */

test("every state of triage, settings and workers", async ({ page, api }) => {
  test.setTimeout(360_000);
  const { tag } = await deadLetters(api, 27);
  const response = await api.request.post("/api/v1/dead-letters/retry", {
    data: { filter: { tag: [tag] }, limitFactors: { memoryBytes: 2 }, ratePerMinute: 1, canary: { count: 2, passPercent: 80 } },
  });
  const { id } = (await response.json()) as { id: string };
  await deadLetterStates(page, tag);
  await page.goto("/bulk-operations");
  await expectGoodLooks(page, "bulk operations");
  await page.goto(`/bulk-operations/${id}`);
  await expect(page.getByRole("list", { name: "Runs of this operation" })).toBeVisible();
  await expectGoodLooks(page, "a bulk operation");
  await page.goto(`/bulk-operations/${id}?result=failed`);
  await expectGoodLooks(page, "a bulk operation without such a run");
  await page.getByRole("button", { name: "Abort" }).click();
  await expectGoodLooks(page, "abort");
  await page.getByRole("alertdialog").getByRole("button", { name: "Abort" }).click();
  await expect(page.getByText("Aborted", { exact: true })).toBeVisible();
  await expectGoodLooks(page, "an aborted one");
  await page.goto("/bulk-operations/00000000-0000-7000-8000-000000000000");
  await expect(page.getByText("There is no such bulk operation").filter({ visible: true })).toBeVisible();
  await expectGoodLooks(page, "no such operation");

  await page.goto("/settings");
  await page.getByRole("textbox", { name: "Memory, default" }).fill("900 TiB");
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeVisible();
  await expectGoodLooks(page, "settings with a wrong value");
  await page.goto("/workers");
  await expect(page.getByRole("region", { name: "Lanes" })).toBeVisible();
  await expectGoodLooks(page, "workers");
  await couldNotLoad(page);
});

async function deadLetterStates(page: Page, tag: string): Promise<void> {
  await page.goto(`/dead-letters?tag=${tag}&state=resolved`);
  await expect(page.getByText("No resolved dead letter matches").filter({ visible: true })).toBeVisible();
  await expectGoodLooks(page, "no match");
  await page.goto("/dead-letters?state=ignored");
  await expect(page.getByText("No group is ignored").filter({ visible: true })).toBeVisible();
  await expectGoodLooks(page, "none ignored");
  await page.goto(`/dead-letters?tag=${tag}`);
  const group = page.getByRole("list", { name: "Groups of dead letters" }).locator("[data-row-link]").first();
  await group.click();
  await page.getByRole("button", { name: "Why grouped?" }).click();
  await page.getByRole("checkbox", { name: "Select this page" }).first().check();
  await expectGoodLooks(page, "an opened group");
  const bar = page.getByRole("region", { name: "Bulk actions" });
  await bar.getByRole("button", { name: "Retry", exact: true }).click();
  await expect(page.getByRole("alertdialog")).toContainText("Counted as of");
  await expectGoodLooks(page, "retry");
  await page.keyboard.press("Escape");
  await bar.getByRole("button", { name: "Retry with raised limits" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "× 4" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "CPU, processes, output and disk too" }).click();
  await expect(page.getByRole("status", { name: "Memory, before and after" })).toBeVisible();
  await expectGoodLooks(page, "raised limits");
  await page.keyboard.press("Escape");
  await bar.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("Counted as of");
  await expectGoodLooks(page, "discard");
  await page.keyboard.press("Escape");
  await page
    .getByRole("button", { name: /^Ignore or resolve/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Until…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ignore" }).click();
  await expect(page.getByText("Choose a moment that lies ahead.")).toBeVisible();
  await expectGoodLooks(page, "ignore until");
  await page.goto(`/dead-letters?tag=${tag}&view=runs`);
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await expect(page.getByRole("status", { name: "Selection" })).toBeVisible();
  await expectGoodLooks(page, "runs");
}

/** The server's answers broken off: each page says so, with a way on. */
async function couldNotLoad(page: Page): Promise<void> {
  await page.route("**/api/trpc/**", (route) => route.abort());
  // Nor do the answers come with the page: what it was sent is no answer to what it asks.
  await page.route(/\/(settings|workers)$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/(settings|workers)(\\*",\\*")(get|list)/g, "$1$2withheld");
    await route.fulfill({ response, body });
  });
  for (const [path, title] of [
    ["/dead-letters", "The dead letters could not be loaded"],
    ["/bulk-operations", "The bulk operations could not be loaded"],
    ["/audit", "The audit log could not be loaded"],
    ["/settings", "The settings could not be loaded"],
    ["/workers", "The workers could not be loaded"],
  ] as const) {
    await page.goto(path);
    // Twice tried again by itself before it says so.
    await expect(page.getByText(title).filter({ visible: true })).toBeVisible({ timeout: 20_000 });
    await expectGoodLooks(page, title);
  }
  await page.unroute(/\/(settings|workers)$/);
  // What comes with the page stands without the rest.
  await page.goto("/settings");
  await expect(page.getByRole("textbox", { name: "Memory, default" })).toBeVisible();
  await page.goto("/workers");
  await expect(page.getByRole("region", { name: "Lanes" })).toBeVisible();
  await page.unroute("**/api/trpc/**");
}

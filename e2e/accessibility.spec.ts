import { expectGoodLooks } from "./support/looks.ts";
import { expect, test } from "./support/test.ts";

/** axe finds nothing on any page, light and dark, wide and narrow, and no page scrolls sideways. */

const PAGES = [
  "/",
  "/runs",
  "/runs?q=matches-nothing-at-all",
  "/runs/new",
  "/dead-letters",
  "/settings",
  "/workers",
  "/access",
  "/account",
  "/audit",
  "/api-reference",
  "/sign-in",
  "/welcome",
];
/** Nobody is signed in there, so nothing is followed. */
const OUTSIDE = ["/sign-in", "/welcome"];

for (const path of [...PAGES, "a run"]) {
  test(path, async ({ page, api }) => {
    const failing = { name: "to be looked at", language: "bash", source: "echo out; echo err >&2; exit 1", retry: { maxRetries: 0 } } as const;
    await page.goto(path === "a run" ? `/runs/${(await api.execute(failing)).id}` : path);
    await expect(page.getByRole("main")).toBeVisible();
    // The stream stays open for ever, so the network is never idle: what is shown says when it is complete.
    if (!OUTSIDE.includes(path)) await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
    await expectGoodLooks(page, path);
  });
}

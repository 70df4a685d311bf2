import { request as playwrightRequest } from "@playwright/test";

import { expect, test } from "./support/test.ts";

/** Whoever reaches the port without signing in gets nothing. */

const PAGES = [
  "/",
  "/runs",
  "/runs/new",
  "/dead-letters",
  "/bulk-operations",
  "/settings",
  "/workers",
  "/access",
  "/account",
  "/audit",
  "/api-reference",
  "/runs/0190a000-0000-7000-8000-000000000000",
];

test("an unsigned browser is sent to sign in, from every page", async ({ browser, suite }) => {
  const context = await browser.newContext({ baseURL: suite.url, storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  for (const path of PAGES) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/sign-in/);
  }
  await context.close();
});

test("a forged session, a bad token and no token get nothing from the API", async ({ suite }) => {
  const unknowns: Record<string, string>[] = [{}, { Authorization: "Bearer nonsense-nonsense-nonsense" }, { Cookie: "corral.session_token=forged.forged" }];
  for (const headers of unknowns) {
    const request = await playwrightRequest.newContext({ baseURL: suite.url, extraHTTPHeaders: headers, storageState: { cookies: [], origins: [] } });
    for (const path of ["/api/v1/runs", "/api/v1/settings", "/api/v1/workers", "/api/v1/openapi.json", "/api/live", "/api/trpc/runs.list"]) {
      const response = await request.get(path);
      expect([401, 403], `${path} with ${JSON.stringify(headers)}`).toContain(response.status());
    }
    await request.dispose();
  }
});

test("the one-time link works once", async ({ browser, suite }) => {
  const context = await browser.newContext({ baseURL: suite.url, storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto(suite.signInLink);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText("This sign-in link no longer works").filter({ visible: true })).toBeVisible();
  await context.close();
});

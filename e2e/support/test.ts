import { readFileSync } from "node:fs";

import { request as playwrightRequest, test as base } from "@playwright/test";

import { createApi } from "./api.ts";
import type { Api } from "./api.ts";
import { STATE_FILE } from "./state-file.ts";
import type { SuiteState } from "./state-file.ts";

/** Tests that share the suite's instance: `page` is signed in as its administrator, `api` holds its token. */
export const test = base.extend<{ api: Api; suite: SuiteState }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures from the pattern
  suite: async ({}, use) => {
    await use(JSON.parse(readFileSync(STATE_FILE, "utf8")) as SuiteState);
  },
  baseURL: async ({ suite }, use) => {
    await use(suite.url);
  },
  storageState: async ({ suite }, use) => {
    await use(suite.storageState);
  },
  api: async ({ suite }, use) => {
    const request = await playwrightRequest.newContext({ baseURL: suite.url, extraHTTPHeaders: { Authorization: `Bearer ${suite.token}` } });
    await use(createApi(request));
    await request.dispose();
  },
});

export { expect } from "@playwright/test";

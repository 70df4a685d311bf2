import { chromium, request as playwrightRequest } from "@playwright/test";

import { createApi } from "../../e2e/support/api.ts";
import playwrightConfig from "../../playwright.config.ts";
import type { Line } from "../line.ts";
import { measureLongLog, printLines } from "../ui/measure-log.ts";

const LINES = 1_000_000;

export const logPageLine: Line = {
  number: 14,
  title: `a run's page with ${LINES.toLocaleString("en-US")} lines of output`,
  peer: "–",
  measure: async (ground) => {
    const { url, token, signInLink } = await ground.corral();
    const request = await playwrightRequest.newContext({ baseURL: url, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
    const browser = await chromium.launch(playwrightConfig.use?.launchOptions);
    try {
      const id = await printLines(createApi(request), LINES);
      const page = await (await browser.newContext({ baseURL: url })).newPage();
      await page.goto(signInLink);
      await page.waitForURL(/\/runs/);
      const measures = await measureLongLog(page, id, LINES);
      return measures.map(({ name, value, budget }) => ({
        what: name,
        corral: `${Math.round(value)} ms`,
        beside: "–",
        value,
        unit: "ms",
        reach: { most: budget },
      }));
    } finally {
      await browser.close();
      await request.dispose();
    }
  },
};

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { request as playwrightRequest } from "@playwright/test";

import { createApi } from "./support/api.ts";
import { axeFindings } from "./support/axe.ts";
import { startInstance } from "./support/instance.ts";
import { expectGoodLooks } from "./support/looks.ts";
import { expect, test } from "./support/test.ts";

/** The front door: its numbers, its chart by mouse and by key, and a new install. */

test("numbers follow what happens, without a reload", async ({ page, api }) => {
  await page.goto("/");
  const tiles = page.getByRole("list", { name: "Now" });
  await expect(tiles).toContainText(/Slots in use\d+ of \d+/);
  await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
  const dead = tiles.getByRole("listitem").filter({ hasText: "Dead letters" });
  await expect(dead).toContainText(/in 24 h/);
  const before = Number((await dead.innerText()).match(/\n([\d,]+)\n/)?.[1]?.replace(",", "") ?? Number.NaN);
  const { id } = await api.submit({ name: "dies on the overview", language: "bash", source: "echo overview saw this >&2; exit 9", retry: { maxRetries: 0 } });
  await api.untilEnded(id);
  await expect(dead).toContainText((before + 1).toLocaleString("en-US"));
  await expect(page.getByRole("list", { name: "Groups" }).or(page.getByText("Nothing waits for you"))).toBeVisible();

  const long = await api.submit({ name: "runs on the overview", language: "bash", source: "sleep 60" });
  const running = tiles.getByRole("listitem").filter({ hasText: "Running" });
  await expect(running).toContainText(/[1-9]/, { timeout: 15_000 });
  await api.cancel(long.id);
});

test("the chart leads to the runs of its bars: by key, and by drag", async ({ page, api }) => {
  const { createdAt } = await api.execute({ name: "charted", language: "bash", source: "true" });
  await page.goto("/");
  const chart = page.getByRole("listbox", { name: /Runs by outcome/ });
  await expect(chart.getByRole("option")).toHaveCount(24);
  await chart.focus();
  await page.keyboard.press("End");
  await expect(chart.getByRole("option", { selected: true })).toHaveAccessibleName(/succeeded/);
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(chart.getByRole("option", { selected: true })).toHaveCount(3);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/runs\?from=/);
  const spanOf = (url: string) => {
    const params = new URL(url).searchParams;
    return { from: Date.parse(params.get("from") ?? ""), to: Date.parse(params.get("to") ?? "") };
  };
  expect(spanOf(page.url()).to - spanOf(page.url()).from).toBe(3 * 3_600_000);
  await expect(page.getByRole("link", { name: "charted" }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: /Remove filter: Created/ })).toBeVisible();

  await page.goBack();
  await page.getByRole("button", { name: "1 h" }).click();
  await expect(chart.getByRole("option")).toHaveCount(12);
  const box = await chart.boundingBox();
  if (box === null) throw new Error("The chart is not there.");
  await page.mouse.move(box.x + box.width - 3, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 80, { steps: 5 });
  await expect(chart.getByRole("option", { selected: true })).toHaveCount(5);
  await page.mouse.up();
  await page.waitForURL(/\/runs\?from=/);
  const { from, to } = spanOf(page.url());
  expect(to - from).toBe(5 * 5 * 60_000);
  expect(to).toBeGreaterThan(Date.parse(createdAt));
});

test("an outcome in the legend and a group lead to theirs", async ({ page, api }) => {
  const { id } = await api.submit({ name: "legend", language: "bash", source: "echo legend broke >&2; exit 4", retry: { maxRetries: 0 } });
  await api.untilEnded(id);
  await page.goto("/");
  await page
    .getByRole("list", { name: "Outcomes" })
    .getByRole("link", { name: /Non-zero exit/ })
    .click();
  await page.waitForURL(/outcome=exit_nonzero/);
  await expect(page.getByRole("link", { name: "legend" }).first()).toBeVisible();
});

test("a new install says how to begin, and shows the first run by itself", async ({ browser }) => {
  test.setTimeout(300_000);
  const dataDir = mkdtempSync(join(tmpdir(), "corral-new-"));
  const token = "a-new-install-0123456789";
  const instance = await startInstance({ dataDir, token });
  try {
    const signIn = await browser.newContext();
    await (await signIn.newPage()).goto(instance.signInLink);
    const storageState = await signIn.storageState();
    const context = await browser.newContext({ baseURL: instance.url, storageState });
    const page = await context.newPage();
    for (const path of ["/runs", "/"]) {
      await page.goto(path);
      await expect(page.getByText("Nothing has run yet").filter({ visible: true })).toBeVisible();
      await expectGoodLooks(page, path);
    }
    await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
    await page.getByRole("link", { name: "Start from a sample" }).click();
    await page.waitForURL(/\/runs\/new/);
    await expect(page.getByText(/Loaded the sample/)).toBeVisible();
    await page.goto("/");
    await expect(page.getByText("Nothing has run yet").filter({ visible: true })).toBeVisible();
    const request = await playwrightRequest.newContext({ baseURL: instance.url, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
    await createApi(request).submit({ name: "the first", language: "bash", source: "true" });
    await expect(page.getByRole("listbox", { name: /Runs by outcome/ })).toBeVisible();
    await request.dispose();
    await context.close();
    await signIn.close();
  } finally {
    await instance.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

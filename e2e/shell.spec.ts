import { axeFindings } from "./support/axe.ts";
import { expect, test } from "./support/test.ts";

/** What every page has: keys, the command palette, the sheet of shortcuts, times and motion. */

test.beforeEach(async ({ page }) => {
  await page.goto("/runs");
  await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible({ timeout: 30_000 });
});

test("g and a letter lead to each place, / to the search", async ({ page }) => {
  for (const [key, path] of Object.entries({ o: "/", r: "/runs", n: "/runs/new", d: "/dead-letters", w: "/workers", s: "/settings" })) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL((url) => url.pathname === path);
  }
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.waitForURL("/runs");
  await expect(page.getByRole("searchbox", { name: "Search runs" })).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search runs" })).toBeFocused();
  // In a field they are letters.
  await page.keyboard.type("gn?");
  await expect(page.getByRole("searchbox", { name: "Search runs" })).toHaveValue("gn?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/runs\?q=gn/);
});

test("the sheet lists the shortcuts, and switches those of one key off for good", async ({ page }) => {
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Go to Overview");
  expect(await axeFindings(page)).toEqual([]);
  await sheet.getByRole("switch", { name: "Shortcuts of one key" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
  await page.keyboard.press("?");
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await page.keyboard.press("j");
  await expect(sheet).toHaveCount(0);
  await expect(page).toHaveURL(/\/runs$/);
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  // The way back needs none of them.
  await page.keyboard.press("Control+k");
  // What is typed before the palette is there belongs to it, and is no shortcut of the page below.
  await page.keyboard.type("shortcuts");
  await expect(page.getByRole("combobox")).toHaveValue("shortcuts");
  await page.keyboard.press("Enter");
  await sheet.getByRole("switch").check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(sheet).toBeVisible();
});

test("the palette finds runs by name, places and the theme, and gives the focus back", async ({ page, api }) => {
  const { id, name } = await api.submit({ name: "palette finds this one", language: "bash", source: "true" });
  const search = page.getByRole("button", { name: "Search and commands" }).and(page.locator("[aria-keyshortcuts]"));
  await search.focus();
  await page.keyboard.press("Enter");
  const input = page.getByRole("combobox");
  await expect(input).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.type("dark");
  await expect(page.getByRole("option", { name: "Theme: Dark" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("button", { name: "Theme: Dark" })).toBeVisible();
  await expect(search).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("palette finds");
  await expect(page.getByRole("option", { name })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("option", { name }).click();
  await page.waitForURL(`/runs/${id}`);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("zzzz nothing");
  await expect(page.getByText("Nothing is called that.")).toBeVisible();
});

test("menus open by keyboard at their first item, also the first time, and axe finds nothing in them", async ({ page }) => {
  await page.getByRole("button", { name: "Account" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Account" })).toBeFocused();
  await page.getByRole("button", { name: "Language" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitemcheckbox").first()).toBeFocused();
});

test.describe("in another time zone", () => {
  test.use({ timezoneId: "Asia/Kathmandu", locale: "en-GB" });

  test("a moment tells its exact local and UTC time, on hover and on focus", async ({ page, api }) => {
    const { id } = await api.submit({ name: "told in time", language: "bash", source: "true" });
    const { createdAt } = await api.run(id);
    await page.goto("/runs?q=told in time");
    const time = page.locator(`time[datetime="${createdAt}"]`);
    const utc = createdAt.slice(0, 19).replace("T", " ");
    const minutes = new Date(Date.parse(createdAt) + (5 * 60 + 45) * 60_000).toISOString().slice(11, 19);
    await time.hover();
    const words = page.getByRole("tooltip");
    await expect(words).toContainText(utc);
    await expect(words).toContainText(minutes);
    await page.keyboard.press("Escape");
    await expect(words).toHaveCount(0);
    await page.mouse.move(0, 0);
    await page.getByRole("link", { name: "told in time" }).focus();
    await page.keyboard.press("Tab");
    await expect(time).toBeFocused();
    await expect(words).toContainText(utc);
    expect(await axeFindings(page)).toEqual([]);
  });

  test("the chart's bars are in local time, and lead to the exact moments", async ({ page, api }) => {
    const { createdAt } = await api.execute({ name: "in a bar", language: "bash", source: "true" });
    await page.goto("/?range=1h");
    const chart = page.getByRole("listbox", { name: /Runs by outcome/ });
    await chart.focus();
    const step = 5 * 60_000;
    const from = Math.floor(Date.parse(createdAt) / step) * step;
    const local = new Date(from + (5 * 60 + 45) * 60_000).toISOString().slice(11, 16);
    await expect(chart.getByRole("option", { name: new RegExp(`^${local} to`) })).toBeVisible();
  });
});

test("with reduced motion, what turns stands still", async ({ browser, suite, api }) => {
  const { id } = await api.submit({ name: "stands still", language: "bash", source: "sleep 300" });
  await api.until(id, (run) => run.status === "running");
  const context = await browser.newContext({ baseURL: suite.url, storageState: suite.storageState, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto("/runs?q=stands still");
  const icon = page.getByRole("row").filter({ hasText: "stands still" }).locator("svg.animate-spin").first();
  await expect(icon).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => icon.evaluate((element) => element.getAnimations().filter((one) => one.playState === "running").length)).toBe(0);
  await context.close();
  await api.cancel(id);
});

import { randomUUID } from "node:crypto";

import type { Page } from "@playwright/test";

import type { Api } from "./support/api.ts";
import { axeFindings } from "./support/axe.ts";
import { expect, test } from "./support/test.ts";

/** The list of runs: selection, keys, deeds with Undo, order, and what comes while one reads. */

const once = { maxRetries: 0 };
const row = (page: Page, name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

async function submitMany(api: Api, tag: string, count: number, source = "exit 3") {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push((await api.submit({ name: `${tag} ${index}`, language: "bash", source, retry: once, tags: [tag] })).id);
  return ids;
}

test("by keyboard alone: submit, watch it run, find it in the list, cancel it", async ({ page, api }) => {
  const name = `by key ${randomUUID().slice(0, 8)}`;
  await page.goto("/");
  await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await page.waitForURL("/runs/new");
  await expect(page.locator(".cm-content")).toBeVisible();
  await page.getByRole("textbox", { name: "Script" }).focus();
  await page.keyboard.type("for i in $(seq 600); do echo line $i; sleep 0.2; done");
  // Tab is the editor's until Escape lets it go.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("textbox", { name: "Script" })).not.toBeFocused();
  await page.getByRole("textbox", { name: "Name", exact: true }).focus();
  await page.keyboard.type(name);
  await page.keyboard.press("Control+Enter");

  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").at(-1) ?? "";
  await expect(page.getByRole("log", { name: /Output of attempt 1/ })).toContainText("line 3", { timeout: 20_000 });

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("combobox");
  await expect(palette).toBeFocused();
  await page.keyboard.type("runs that run");
  await expect(page.getByRole("option", { selected: true })).toContainText("Runs that run now");
  await page.keyboard.press("Enter");
  await page.waitForURL(/status=running/);
  await expect(row(page, name)).toContainText("Running");
  const link = page.getByRole("link", { name, exact: true });
  for (let steps = 0; steps < 20 && !(await link.evaluate((element) => element === document.activeElement)); steps += 1) await page.keyboard.press("j");
  await expect(link).toBeFocused();
  await page.keyboard.press("c");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Its script is ended");
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  expect(await api.untilEnded(id)).toMatchObject({ status: "cancelled" });
});

test("selection is by id: it survives refreshing and sorting; Shift takes a range; what can't be retried is told", async ({ page, api }) => {
  const tag = `sel-${randomUUID().slice(0, 8)}`;
  const dead = await submitMany(api, tag, 4);
  const [ok] = await submitMany(api, `${tag}-ok`, 1, "true");
  for (const id of [...dead, ok ?? ""]) await api.untilEnded(id);
  await page.goto(`/runs?q=${tag}`);
  await expect(page.getByRole("row")).toHaveCount(6);

  await row(page, `${tag} 3`).getByRole("checkbox").check();
  await row(page, `${tag} 1`)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  const bar = page.getByRole("region", { name: "Bulk actions" });
  await expect(bar).toContainText("3 selected");
  await page.getByRole("button", { name: "Created" }).click();
  await expect(page).toHaveURL(/sort=oldest/);
  await expect(page.getByRole("row").nth(1)).toContainText(`${tag} 0`);
  await expect(bar).toContainText("3 selected");
  await expect(row(page, `${tag} 2`).getByRole("checkbox")).toBeChecked();
  await row(page, `${tag}-ok 0`).getByRole("checkbox").check();
  await page.getByRole("searchbox", { name: "Search runs" }).fill(`${tag}-ok`);
  await expect(bar).toContainText("4 selected, 3 not on this page");
  expect(await axeFindings(page)).toEqual([]);

  await bar.getByRole("button", { name: "Retry 3" }).click();
  await expect(page.getByText("Retrying 3 runs")).toBeVisible();
  await expect(page.getByText("3 runs queued again")).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText(`1 skipped, already succeeded (${tag}-ok 0)`)).toBeVisible();
  for (const id of dead.slice(1)) expect(await api.until(id, (run) => run.attempts.length === 2)).toMatchObject({ requeues: [{ afterAttempt: 1 }] });
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
});

test("a retry can be undone: shown at once, never sent", async ({ page, api }) => {
  const tag = `undo-${randomUUID().slice(0, 8)}`;
  const [id] = await submitMany(api, tag, 1);
  await api.untilEnded(id ?? "");
  await page.clock.install();
  await page.goto(`/runs?q=${tag}`);
  await expect(row(page, `${tag} 0`)).toContainText("Dead");
  await page.getByRole("link", { name: `${tag} 0` }).focus();
  await page.keyboard.press("r");
  await expect(row(page, `${tag} 0`)).toContainText("Queued");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, `${tag} 0`)).toContainText("Dead");
  // Longer than it would have been held.
  await page.clock.fastForward(10_000);
  expect(await api.run(id ?? "")).toMatchObject({ status: "dead", requeues: [] });

  // The same by key: nobody has to reach the button in time.
  await page.keyboard.press("r");
  await expect(row(page, `${tag} 0`)).toContainText("Queued");
  await page.keyboard.press("u");
  await expect(row(page, `${tag} 0`)).toContainText("Dead");
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);

  await page.keyboard.press("r");
  await expect(row(page, `${tag} 0`)).toContainText("Queued");
  // A page that is left sends what it holds.
  await page.goto("/runs/new");
  await api.until(id ?? "", (run) => run.requeues.length === 1);
});

test("rows change in place and never move; what is new waits behind a pill", async ({ page, api }) => {
  const tag = `live-${randomUUID().slice(0, 8)}`;
  await submitMany(api, tag, 2, "sleep 20");
  await page.goto(`/runs?q=${tag}`);
  await expect(row(page, `${tag} 1`)).toContainText("Running", { timeout: 20_000 });
  await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
  await submitMany(api, `${tag}-late`, 2, "true");
  await expect(page.getByRole("button", { name: "2 new runs" })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(3);
  await expect(row(page, `${tag} 0`)).toContainText("Succeeded", { timeout: 40_000 });
  await expect(page.getByRole("row").nth(1)).toContainText(`${tag} 1`);
  await page.getByRole("button", { name: "2 new runs" }).click();
  await expect(page.getByRole("row")).toHaveCount(5);
  await expect(page.getByRole("row").nth(1)).toContainText(`${tag}-late 1`);
});

test("an empty list says which filters are set, and Clear clears them", async ({ page }) => {
  await page.goto("/runs?q=nobody-is-called-so&status=dead");
  await expect(
    page.getByText("There are runs, but none with status Dead and a name or id like “nobody-is-called-so”.").filter({ visible: true }),
  ).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
  await expect(page).toHaveURL(/\/runs$/);
  await expect(page.getByRole("table", { name: "Runs" })).toBeVisible();
});

test("a list that can't be loaded says so with the request's id, and Retry brings it", async ({ page }) => {
  let broken = true;
  await page.route(/\/api\/trpc\/.*runs\.list/, async (route) => {
    if (!broken) return route.continue();
    // The server's own refusal: a cursor that is none, in place of what was asked.
    const url = new URL(route.request().url());
    url.searchParams.set("input", (url.searchParams.get("input") ?? "").replaceAll('"limit":50', '"limit":50,"cursor":"none"'));
    return route.continue({ url: url.href });
  });
  await page.goto("/runs");
  const alert = page.getByRole("alert").filter({ hasText: "The runs could not be loaded" });
  await expect(alert).toContainText("cursor");
  await expect(alert).toContainText("Request");
  expect(await axeFindings(page)).toEqual([]);
  broken = false;
  await alert.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("table", { name: "Runs" })).toBeVisible();
});

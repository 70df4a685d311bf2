import type { Page } from "@playwright/test";

import { axeFindings } from "./support/axe.ts";
import { expect, test } from "./support/test.ts";

/** New run: the editor, the draft, cloning, limits and their units, a dropped file, and curl. */

const editor = (page: Page) => page.getByRole("textbox", { name: "Script" });

test.beforeEach(async ({ page }) => {
  await page.goto("/runs/new");
  await expect(page.locator(".cm-content")).toBeVisible();
});

test("what is typed is indented and coloured, kept over a reload, and undone", async ({ page }) => {
  await page.getByRole("tab", { name: "Python" }).click();
  await editor(page).click();
  await page.keyboard.type("def f():\n");
  await page.keyboard.type("return 'x'");
  await expect(page.locator(".cm-line").nth(1)).toHaveText("    return 'x'");
  // Coloured: a keyword is not of the text's colour.
  await expect
    .poll(() =>
      page
        .locator(".cm-line span", { hasText: "return" })
        .first()
        .evaluate((one) => getComputedStyle(one).color),
    )
    .not.toBe(await page.locator(".cm-content").evaluate((one) => getComputedStyle(one).color));
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("kept");
  await page.reload();
  await expect(page.locator(".cm-line").nth(1)).toHaveText("    return 'x'");
  await expect(page.getByRole("tab", { name: "Python" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("kept");
});

test("a clone brings everything of a run, and Undo brings the draft back", async ({ page, api }) => {
  const { id } = await api.submit({
    name: "to clone",
    language: "node",
    source: "console.log(process.argv.slice(2))",
    args: ["a b", ""],
    env: { KEY: "secret value" },
    limits: { memoryBytes: 128 * 1024 ** 2, timeoutMs: 90_000 },
    retry: { maxRetries: 2, delayMs: 1_000, backoff: "exponential", jitter: false },
    tags: ["cloned"],
  });
  await editor(page).click();
  await page.keyboard.type("my own draft");
  await page.goto(`/runs/new?from=${id}`);
  await expect(editor(page)).toContainText("console.log(process.argv.slice(2))");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(editor(page)).toContainText("my own draft");

  await page.goto(`/runs/new?from=${id}`);
  await expect(editor(page)).toContainText("console.log(process.argv.slice(2))");
  await expect(page.getByRole("textbox", { name: "Memory", exact: true })).toHaveValue("128 MiB");
  await expect(page.getByRole("textbox", { name: "Timeout", exact: true })).toHaveValue(/90 ?s|1 ?m(in)? ?30 ?s/);
  await expect(page.getByLabel("Value of KEY")).toHaveAttribute("type", "password");
  await expect(page.getByRole("status", { name: "Retry schedule" })).toContainText("≈ 1 s, 2 s; up to 3 attempts");
  expect(await axeFindings(page)).toEqual([]);
});

test("limits take people's units; above the maximum Use maximum helps", async ({ page }) => {
  const memory = page.getByRole("textbox", { name: "Memory", exact: true });
  const valueText = () => page.getByRole("slider", { name: "Memory, by slider" }).getAttribute("aria-valuetext");
  for (const [typed, meant] of [
    ["512M", "512 MiB"],
    ["1.5 GiB", "1.5 GiB"],
  ] as const) {
    await memory.fill(typed);
    expect(await valueText()).toBe(meant);
  }
  const timeout = page.getByRole("textbox", { name: "Timeout", exact: true });
  for (const [typed, meant] of [
    ["90s", "1 min 30 s"],
    ["30m30s", "30 min 30 s"],
  ] as const) {
    await timeout.fill(typed);
    await expect(page.getByRole("slider", { name: "Timeout, by slider" })).toHaveAttribute("aria-valuetext", meant);
  }
  await timeout.fill("400h");
  await expect(page.getByRole("form", { name: "New run" })).toContainText(/maximum.*set by the administrator/i);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Use maximum" }).click();
  await expect(page.getByRole("button", { name: "Use maximum" })).toHaveCount(0);
});

test("a dropped file brings its text, language and name", async ({ page }) => {
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["#!/usr/bin/env python3\nprint('dropped')\n"], "report.py", { type: "text/x-python" }));
    return data;
  });
  await page.locator(".cm-content").dispatchEvent("dragover", { dataTransfer: transfer });
  await expect(page.getByText("Drop to load the script")).toBeVisible();
  await page.locator(".cm-content").dispatchEvent("drop", { dataTransfer: transfer });
  await expect(editor(page)).toContainText("print('dropped')");
  await expect(page.getByRole("tab", { name: "Python" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("report.py");
});

test("Copy as curl copies the same submit, with the token left a variable", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor(page).click();
  await page.keyboard.type("echo it's");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await expect(page.getByText("Copied as curl")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("$CORRAL_TOKEN");
  expect(copied).toContain("echo it");
});

test("an empty script is refused at the field, and the editor has the focus", async ({ page }) => {
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Run script" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Write or drop a script first." })).toBeVisible();
  await expect(editor(page)).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
});

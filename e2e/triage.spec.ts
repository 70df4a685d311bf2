import { readFile } from "node:fs/promises";

import { deadLetters } from "./support/dead-letters.ts";
import { pressOn, tabTo } from "./support/keyboard.ts";
import { expect, test } from "./support/test.ts";

/** Dead letters by what they died of: looked at, set aside, selected by the page, by all that match and by the group, retried. */

const MIB = 1024 ** 2;
/** Fails the first time only, so that a retry has something to show. */
const HEALS = '[ "$CORRAL_ATTEMPT" -gt 1 ] || { echo "fatal: not yet" >&2; exit 3; }';

test("a group says why it is one, is set aside with Undo, and is retried with twice the memory as its preview said", async ({ page, api }) => {
  const { tag } = await deadLetters(api, 6, (index) =>
    index < 4
      ? {
          name: `import ${index}`,
          source: `echo "fatal: row ${index} of /srv/a/${index}.csv" >&2; exit 3`,
          limits: { memoryBytes: (64 + 64 * (index % 2)) * MIB },
        }
      : { name: "report", source: "echo nothing to say; exit 4" },
  );
  await page.goto(`/dead-letters?tag=${tag}`);
  const groups = page.getByRole("list", { name: "Groups of dead letters" });
  await expect(groups.locator("[data-row-link]")).toHaveCount(2);
  const row = groups.getByRole("listitem").filter({ hasText: "fatal: row" }).first();
  await expect(row.getByRole("img", { name: /^4 in the last 24 hours/ })).toBeVisible();

  await row.getByRole("button", { name: /^fatal: row/ }).click();
  await row.getByRole("button", { name: "Why grouped?" }).click();
  await expect(row.getByRole("definition").filter({ hasText: "fatal: row <n> of <path>" })).toBeVisible();
  await expect(row.getByRole("link", { name: /^import \d/ })).toHaveCount(4);
  await expect(page).toHaveURL(/open=/);

  await row.getByRole("button", { name: /^Ignore or resolve/ }).click();
  await page.getByRole("menuitem", { name: "1 day" }).click();
  await expect(groups.getByRole("listitem").filter({ hasText: "fatal: row" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();

  // All but one of the group, and one of another beside them.
  await row.getByRole("checkbox", { name: /^Select the group/ }).check();
  await row.getByRole("checkbox", { name: /^Select import 3/ }).uncheck();
  await expect(page.getByRole("region", { name: "Bulk actions" })).toContainText("3 dead letters selected");
  await page.reload();
  await expect(page.getByRole("region", { name: "Bulk actions" })).toContainText("3 dead letters selected");
  await page.getByRole("region", { name: "Bulk actions" }).getByRole("button", { name: "Retry with raised limits" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry with raised limits" });
  await dialog.getByRole("group", { name: "Multiples for memory" }).getByRole("button", { name: "× 2" }).click();
  await expect(dialog.getByRole("status", { name: "Memory, before and after" })).toContainText("64 MiB to 128 MiB");
  await expect(dialog.getByRole("status", { name: "Memory, before and after" })).toContainText("128 MiB to 256 MiB");
  await dialog.getByRole("button", { name: "Retry 3" }).click();
  await page.waitForURL(/\/bulk-operations\//);
  await expect(page.getByRole("main")).toContainText(/queued again\s*3/i);
  await expect(page.getByRole("region", { name: "What it is over" })).toContainText("× 2 of each run’s own");
  await expect(page.getByRole("region", { name: "What it is over" })).toContainText("less 1 dead letter unticked");

  await page.getByRole("link", { name: "All operations" }).click();
  await expect(page.getByRole("list", { name: "Bulk operations" }).getByRole("listitem").first()).toContainText("Retry of 3");
});

test("all that match is frozen at its moment: who arrives later is left alone, and a discard of many is typed out", async ({ page, api }) => {
  test.setTimeout(240_000);
  const { tag, ids } = await deadLetters(api, 101);
  await page.goto(`/dead-letters?tag=${tag}&view=runs`);
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  const banner = page.getByRole("status", { name: "Selection" });
  await expect(banner).toContainText("25 on this page selected.");
  await banner.getByRole("button", { name: "Select all 101 matching" }).click();
  const late = await api.submit({ name: "late", language: "bash", source: "exit 3", retry: { maxRetries: 0 }, tags: [tag] });
  await api.untilEnded(late.id);
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByRole("button", { name: "Newer" }).click();
  // It came in on top, live, and is not ticked.
  await expect(page.getByRole("checkbox", { name: /^Select late/ })).not.toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^Select dead 100/ })).toBeChecked();
  await page.getByRole("region", { name: "Bulk actions" }).getByRole("button", { name: "Discard" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText(/101 dead letters will be discarded.*Counted as of/);
  const deed = dialog.getByRole("button", { name: "Discard 101" });
  await expect(deed).toBeDisabled();
  await dialog.getByRole("textbox", { name: /discard 101/ }).fill("discard 101");
  await deed.click();
  await page.waitForURL(/\/bulk-operations\//);
  await expect(page.getByRole("status").filter({ hasText: "101 of 101 done" })).toBeVisible({ timeout: 30_000 });
  expect(await api.run(late.id)).toMatchObject({ status: "dead" });
  expect(await api.run(ids[0] ?? "")).toMatchObject({ status: "discarded" });
});

test("triage, select all matching, retry: with the keyboard alone", async ({ page, api }) => {
  const { tag, ids } = await deadLetters(api, 30, () => ({ source: HEALS }));
  await page.goto(`/dead-letters?tag=${tag}&view=runs`);
  await expect(page.getByRole("link", { name: /^dead \d/ }).first()).toBeVisible();
  // j and k move, x ticks, Escape lets go.
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(page.getByRole("link", { name: /^dead \d/ }).first()).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  const bar = page.getByRole("region", { name: "Bulk actions" });
  await expect(bar).toContainText("3 dead letters selected");
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);

  await tabTo(page, page.getByRole("checkbox", { name: "Select this page" }), { back: true });
  await page.keyboard.press("Space");
  const banner = page.getByRole("status", { name: "Selection" });
  await tabTo(page, banner.getByRole("button", { name: "Select all 30 matching" }), { back: true });
  await page.keyboard.press("Enter");
  await expect(banner).toContainText("All 30 matching are selected.");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(banner).toContainText("29 of 30 matching are selected: all but 1.");
  await pressOn(page, bar.getByRole("button", { name: "Retry", exact: true }));
  await pressOn(page, page.getByRole("alertdialog").getByRole("button", { name: "Retry 29" }));
  await page.waitForURL(/\/bulk-operations\//);
  await expect(page.getByRole("main")).toContainText(/queued again\s*29/i, { timeout: 30_000 });
  // The page's own way on, by keyboard too.
  await pressOn(page, page.getByRole("group", { name: "Result" }).getByRole("button", { name: /^Skipped/ }));
  await expect(page.getByText("None is skipped.")).toBeVisible();
  const runs = await Promise.all(ids.map((id) => api.untilEnded(id)));
  expect(runs.filter(({ status }) => status === "succeeded")).toHaveLength(29);
  expect(runs.filter(({ status }) => status === "dead")).toHaveLength(1);
});

test("a group is opened, resolved, found again and reopened with the keyboard alone", async ({ page, api }) => {
  const { tag } = await deadLetters(api, 2);
  await page.goto(`/dead-letters?tag=${tag}`);
  const groups = page.getByRole("list", { name: "Groups of dead letters" });
  await expect(groups.locator("[data-row-link]")).toHaveCount(1);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(groups.getByRole("link", { name: /^dead \d/ })).toHaveCount(2);
  await pressOn(page, groups.getByRole("button", { name: /^Ignore or resolve/ }));
  await expect(page.getByRole("menuitem", { name: "Resolve until it comes back" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("The group is resolved")).toBeVisible();
  await expect(page.getByText("No open dead letter matches")).toBeVisible();
  await expect(page.getByText(`None meets all of: tagged “${tag}”.`)).toBeVisible();
  await pressOn(page, page.getByRole("button", { name: "Show ignored and resolved ones too" }));
  await expect(groups.getByText(/^Resolved/)).toBeVisible();
  await pressOn(page, groups.getByRole("button", { name: /^Ignore or resolve/ }));
  await expect(page.getByRole("menuitem", { name: "Reopen" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(groups.getByText(/^Resolved/)).toHaveCount(0);
});

test("what is selected is taken along as CSV, JSON and NDJSON", async ({ page, api }) => {
  const { tag, ids } = await deadLetters(api, 3);
  await page.goto(`/dead-letters?tag=${tag}`);
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  const take = async (label: RegExp) => {
    await page.getByRole("region", { name: "Bulk actions" }).getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: label }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
  };
  const csv = await take(/^CSV/);
  expect(csv.name).toMatch(/^dead-letters-.*\.csv$/);
  expect(csv.text.trim().split("\r\n")).toHaveLength(4);
  const json = await take(/^JSON/);
  expect((JSON.parse(json.text) as { id: string }[]).map(({ id }) => id).sort()).toEqual(ids.toSorted());
  const lines = (await take(/^NDJSON/)).text.trim().split("\n");
  expect(lines).toHaveLength(3);
});

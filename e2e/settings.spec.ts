import { pressOn, tabTo } from "./support/keyboard.ts";
import { expect, test } from "./support/test.ts";

/** Settings beside another administrator, and what a lowered maximum would touch. */

type Settings = { version: number; limits: Record<string, { default: number; maximum: number }>; retention: { runsDays: number } };

test("another's change meanwhile is shown, mine goes on top of it, with the keyboard alone", async ({ page, api }) => {
  const read = async () => (await (await api.request.get("/api/v1/settings")).json()) as Settings;
  const put = async (settings: Settings) =>
    expect((await api.request.put("/api/v1/settings", { data: settings, headers: { "If-Match": `"${settings.version}"` } })).status()).toBe(200);
  const before = await read();
  await page.goto("/settings");
  const keep = page.getByRole("textbox", { name: "Keep, runs" });
  await tabTo(page, keep);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("17");
  const bar = page.getByRole("region", { name: "Unsaved changes" });
  await expect(bar).toContainText("1 unsaved change");
  try {
    await put({ ...before, limits: { ...before.limits, pidsMax: { default: 99, maximum: 999 } } });
    const theirs = page.getByRole("list", { name: "What they changed" });
    await expect(theirs).toContainText(/Processes, default: *256 *became *99/);
    await expect(bar.getByRole("button", { name: "Save" })).toBeDisabled();
    const on = page.getByRole("button", { name: "Keep my changes on top" });
    await tabTo(page, on, { back: true });
    await page.keyboard.press("Enter");
    await expect(theirs).toHaveCount(0);
    await expect(page.getByRole("textbox", { name: "Processes, default" })).toHaveValue("99");
    await expect(keep).toHaveValue("17");
    await expect(bar).toContainText("1 unsaved change");
    await pressOn(page, bar.getByRole("button", { name: "Save" }));
    await expect(page.getByText("Settings saved")).toBeVisible();
    expect(await read()).toMatchObject({ limits: { pidsMax: { default: 99, maximum: 999 } }, retention: { runsDays: 17 } });
    await expect(page.getByRole("list", { name: "Changes" }).getByRole("listitem").first()).toContainText("Keep runs");
  } finally {
    await put({ ...before, version: (await read()).version });
  }
});

test("queued runs above a lowered maximum are told before it is saved, and leaving asks", async ({ page, api }) => {
  await api.request.post("/api/v1/lanes/batch/pause");
  try {
    await Promise.all([1, 2, 3].map(() => api.submit({ name: "large", language: "bash", source: "true", limits: { memoryBytes: 512 * 1024 ** 2 } })));
    await page.goto("/settings");
    await page.getByRole("textbox", { name: "Memory, maximum" }).fill("256 MiB");
    await expect(page.getByText(/^\d+ queued runs exceed the new maximum and keep what they were given\.$/).first()).toBeVisible();
    await expect(page.getByText(/Above the maximum of 256 MiB/)).toBeVisible();
    await page.getByRole("link", { name: "Workers" }).first().click();
    const dialog = page.getByRole("alertdialog", { name: "Leave without saving?" });
    await dialog.getByRole("button", { name: "Keep as it is" }).click();
    await expect(page).toHaveURL(/settings/);
    await page.getByRole("button", { name: "Discard changes" }).click();
    await expect(page.getByRole("region", { name: "Unsaved changes" })).toHaveCount(0);
    await expect(page.getByRole("region", { name: "Lanes" })).toContainText("Paused");
    await page.getByRole("button", { name: "Resume the batch lane" }).click();
    await expect(page.getByRole("button", { name: "Pause the batch lane" })).toBeVisible();
  } finally {
    await api.request.post("/api/v1/lanes/batch/resume");
  }
});

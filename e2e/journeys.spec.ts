import { randomUUID } from "node:crypto";

import { processesWith } from "./support/processes.ts";
import { expect, test } from "./support/test.ts";

/** What people do with Corral, in a real browser, against real runs. */

const MIB = 1024 ** 2;

test("submit a sample, watch its lines appear while it runs, see it succeed with its usage", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByRole("button", { name: "Samples" }).click();
  await page.getByRole("menuitem", { name: /progress/i }).click();
  await expect(page.getByRole("textbox", { name: "Script" })).not.toBeEmpty();
  await page.getByRole("button", { name: "Run script" }).click();

  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  const status = page.getByRole("status", { name: "Run status" });
  const log = page.getByRole("log", { name: /Output of attempt 1/ });
  await expect(log).toContainText(/\d+ ?%/, { timeout: 15_000 });
  // Lines are there, and more come, while it still runs.
  await expect(status).toContainText("Running");
  const early = await log.innerText();
  await expect.poll(() => log.innerText()).not.toBe(early);
  await expect(status).toContainText("Running");

  await expect(status).toContainText("Succeeded", { timeout: 90_000 });
  const usage = page.getByLabel("Usage in sum");
  await expect(usage).toContainText(/Peak memory\s*[\d.]+ (MiB|KiB)/);
  await expect(usage).toContainText(/CPU time\s*[\d.]+ (ms|s|min)/);
  await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
});

test("out of memory with its evidence, retried with backoff on screen, dead-lettered, and healed with a raised limit", async ({ page, api }) => {
  const name = `grows to 80 MiB ${randomUUID().slice(0, 8)}`;
  const { id } = await api.submit({
    name,
    language: "python",
    source: "import time\ndata = bytearray(80 << 20)\nfor i in range(0, len(data), 4096): data[i] = 1\nprint('it fits')",
    limits: { memoryBytes: 48 * MIB },
    // Long enough for a busy machine to open the page while the countdown runs.
    retry: { maxRetries: 1, delayMs: 10_000, maxDelayMs: 10_000, jitter: false },
  });
  await page.goto(`/runs/${id}`);
  const status = page.getByRole("status", { name: "Run status" });
  await expect(status).toContainText("Retrying");
  await expect(status).toContainText(/in \d+ s \(\d\/2\)/);
  await expect(status).toContainText("Dead", { timeout: 30_000 });

  const why = page.getByRole("region", { name: "Why it failed" });
  await expect(why).toContainText("Killed at its 48 MiB memory limit");
  await expect(why.getByLabel("Evidence")).toContainText(/OOM|oom/);
  await expect(page.getByRole("region", { name: "Attempts" }).getByRole("button", { name: /^Attempt \d: Out of memory/ })).toHaveCount(2);

  await page.getByRole("link", { name: "Dead letters" }).first().click();
  await page.getByRole("group", { name: "View" }).getByRole("button", { name: "Runs" }).click();
  await page.getByRole("checkbox", { name: new RegExp(`Select ${name}`) }).check();
  await page.getByRole("region", { name: "Bulk actions" }).getByRole("button", { name: "Retry with raised limits" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry with raised limits" });
  await expect(dialog).toContainText("1 dead letter");
  await dialog.getByRole("textbox", { name: "Memory", exact: true }).fill("256 MiB");
  await dialog.getByRole("button", { name: "Retry 1" }).click();
  await page.waitForURL(/\/bulk-operations\//);
  await expect(page.getByRole("main")).toContainText(/queued again\s*1/);

  await page.goto(`/runs/${id}`);
  await expect(status).toContainText("Succeeded", { timeout: 20_000 });
  await expect(page.getByRole("log", { name: /Output of attempt 3/ })).toContainText("it fits");
});

test("thirty dead letters, selected with “all that match” and retried at once", async ({ page, api }) => {
  const tag = `bulk-${randomUUID().slice(0, 8)}`;
  const ids = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      // Fails the first time only, so that the retry has something to show.
      const { id } = await api.submit({
        name: `nightly ${index}`,
        language: "bash",
        source: '[ "$CORRAL_ATTEMPT" -gt 1 ]',
        retry: { maxRetries: 0 },
        tags: [tag],
      });
      return id;
    }),
  );
  for (const id of ids) await api.until(id, (run) => run.status === "dead");
  await page.goto(`/dead-letters?tag=${tag}&view=runs`);
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  const banner = page.getByRole("status", { name: "Selection" });
  await banner.getByRole("button", { name: "Select all 30 matching" }).click();
  await expect(banner).toContainText("All 30 matching are selected");
  await page.getByRole("region", { name: "Bulk actions" }).getByRole("button", { name: "Retry", exact: true }).click();
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).getByRole("button", { name: "Retry 30" }).click();

  await page.waitForURL(/\/bulk-operations\//);
  await expect(page.getByRole("main")).toContainText(/queued again\s*30/, { timeout: 20_000 });
  for (const id of ids) {
    const run = await api.untilEnded(id);
    expect(run).toMatchObject({ status: "succeeded" });
    expect(run.attempts).toHaveLength(2);
  }
  const { items } = (await (await api.request.get(`/api/v1/dead-letters?tag=${tag}`)).json()) as { items: unknown[] };
  expect(items).toEqual([]);
});

test("a lowered maximum is in force at once: the form and the API refuse more, naming the limit", async ({ page, api }) => {
  await page.goto("/settings");
  const maximum = page.getByRole("textbox", { name: "Memory, maximum" });
  const before = await maximum.inputValue();
  await maximum.fill("2 GiB");
  await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Settings saved")).toBeVisible();
  await expect(page.getByRole("list", { name: "Changes" })).toContainText(/Memory/);
  try {
    await page.goto("/runs/new");
    const memory = page.getByRole("textbox", { name: "Memory", exact: true });
    await page.getByRole("textbox", { name: "Script" }).fill("true");
    await memory.fill("3 GiB");
    await expect(page.getByRole("form", { name: "New run" })).toContainText(/maximum.*2 GiB/i);
    await page.getByRole("button", { name: "Run script" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Put right first: Memory" })).toBeVisible();
    await expect(page).toHaveURL(/\/runs\/new/);
    await page.getByRole("button", { name: "Use maximum" }).click();
    await expect(memory).toHaveValue("2 GiB");

    const refused = await api.request.post("/api/v1/runs", { data: { language: "bash", source: "true", limits: { memoryBytes: 3 * 1024 * MIB } } });
    expect(refused.ok()).toBe(false);
    expect(refused.headers()["content-type"]).toContain("application/problem+json");
    const problem = (await refused.json()) as { errors: { path: string; message: string }[] };
    expect(problem.errors).toMatchObject([{ path: "limits.memoryBytes" }]);
    expect(problem.errors[0]?.message).toContain("2 GiB");
  } finally {
    await page.goto("/settings");
    await maximum.fill(before);
    await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("region", { name: "Unsaved changes" })).toHaveCount(0);
  }
});

test("cancel ends a running script's whole tree", async ({ page, api }) => {
  const marker = `cancel-${randomUUID()}`;
  const { id } = await api.submit({
    name: "to be cancelled",
    language: "bash",
    source: "setsid bash -c 'sleep 300; true' \"$1\" & (trap '' TERM; bash -c 'sleep 300; true' \"$1\") & echo up; sleep 300",
    args: [marker],
  });
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole("log", { name: /Output of attempt 1/ })).toContainText("up");
  expect(processesWith(marker).length).toBeGreaterThanOrEqual(3);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status", { name: "Run status" })).toContainText("Cancelled", { timeout: 20_000 });
  await expect.poll(() => processesWith(marker), { timeout: 2_000 }).toEqual([]);
  expect(await api.run(id)).toMatchObject({ status: "cancelled", attempts: [{ outcome: "cancelled" }] });
});

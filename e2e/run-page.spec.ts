import { randomUUID } from "node:crypto";

import { axeFindings } from "./support/axe.ts";
import { expectGoodLooks } from "./support/looks.ts";
import { expect, test } from "./support/test.ts";

/** The Run page with the keyboard alone, on a phone, and for a screen reader. */

const MIB = 1024 ** 2;

const SOURCE = `
import sys
for number in range(1, 2001):
    print(f"\\x1b[32mrow\\x1b[0m {number}", flush=True)
    if number % 400 == 0: print(f"warning {number}", file=sys.stderr, flush=True)
print("fatal: the disk is on fire", file=sys.stderr)
sys.exit(3)
`;

const failing = { language: "python", source: SOURCE, retry: { maxRetries: 1, delayMs: 500, maxDelayMs: 500, jitter: false } } as const;

test("with the keyboard alone: search all lines, step through matches, go to a line, share it, follow, choose a stream", async ({ page, api }) => {
  const { id } = await api.submit({ ...failing, name: `keyboard ${randomUUID().slice(0, 8)}` });
  await api.untilEnded(id);
  await page.goto(`/runs/${id}`);
  const log = page.getByRole("log", { name: "Output of attempt 2" });
  await expect(log).toContainText("fatal: the disk is on fire", { timeout: 60_000 });
  const lines = page.getByRole("status", { name: "Lines", exact: true });
  await expect(lines).toHaveText("2,006 lines");

  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search the output" })).toBeFocused();
  await page.keyboard.type("ROW 1999");
  const matches = page.getByRole("status", { name: "Matching lines" });
  await expect(matches).toHaveText("1 of 1");
  await expect(log.locator("mark").first()).toBeVisible();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("warning");
  await expect(matches).toHaveText(/\d of 5/);
  const found = await matches.innerText();
  await page.keyboard.press("Enter");
  await expect(matches).not.toHaveText(found);
  const first = await matches.innerText();
  await log.focus();
  await page.keyboard.press("n");
  await expect(matches).not.toHaveText(first);
  await page.keyboard.press("Shift+N");
  await expect(matches).toHaveText(first);

  await page.keyboard.press("/");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(":1234");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/[?&]line=1234/);
  await expect(log).toBeFocused();
  await expect(log.locator('[data-row="1234"]')).toBeInViewport();
  await expect(page.getByRole("button", { name: "Copy link to line 1234" })).toBeVisible();

  // The link leads whoever opens it to the line, of that attempt.
  const link = page.url();
  expect(link).toContain("attempt=2");
  await page.goto("/runs");
  await page.goto(link);
  await expect(log.locator('[data-row="1234"]')).toBeInViewport();
  await expect(log.locator('[data-row="1234"]')).toContainText(/row 12\d\d/);

  await page.keyboard.press("f");
  await expect(page.getByRole("button", { name: "Follow" })).toHaveAttribute("aria-pressed", "true");
  await expect(log).toContainText("fatal: the disk is on fire");

  await page.getByRole("combobox", { name: "Streams" }).selectOption("stderr");
  await expect(page).toHaveURL(/stream=stderr/);
  await expect(lines).toHaveText("6 lines");
  await expect(log.locator("[data-row]")).toHaveCount(6);
  await page.getByRole("button", { name: "Times" }).focus();
  await page.keyboard.press("Enter");
  await expect(log.locator("time").first()).toHaveText(/^\d\d:\d\d:\d\d\.\d{3}$/);
  await page.keyboard.press("Enter");
  expect(await axeFindings(page)).toEqual([]);
});

test("a line far down keeps its number in one piece in the failure card", async ({ page, api }) => {
  const { id } = await api.submit({ language: "bash", source: "seq 1 120000; echo far down >&2; exit 1", retry: { maxRetries: 0 } });
  await api.untilEnded(id);
  await page.goto(`/runs/${id}`);
  const line = page.getByRole("region", { name: "Last lines of stderr" }).getByRole("button", { name: /far down/ });
  await expect(line).toContainText("120001");
  const { height } = (await line.boundingBox()) ?? { height: 0 };
  const lineHeight = await line.evaluate((element) => Number.parseFloat(getComputedStyle(element).lineHeight));
  expect(Math.round(height / lineHeight)).toBe(1);
});

test("the failure card leads to its line; charts lead to their moment; two attempts are compared", async ({ page, api }) => {
  const { id } = await api.submit({ ...failing, name: `triage ${randomUUID().slice(0, 8)}` });
  await api.untilEnded(id);
  await page.goto(`/runs/${id}?attempt=1`);
  const card = page.getByRole("region", { name: "Why it failed" });
  const errors = card.getByRole("region", { name: "Last lines of stderr" });
  await expect(errors.getByRole("listitem")).toHaveCount(6, { timeout: 60_000 });
  await errors.getByRole("button", { name: /warning 400/ }).click();
  const log = page.getByRole("log", { name: "Output of attempt 1" });
  const line = Number(new URL(page.url()).searchParams.get("line"));
  expect(line).toBeGreaterThan(390);
  await expect(log.locator(`[data-row="${line}"]`)).toContainText("warning 400");
  await expect(log.locator(`[data-row="${line}"]`)).toBeInViewport();

  // One cursor over both charts; Enter shows what was printed then.
  const memory = page.getByRole("slider", { name: /^Memory/ });
  const cpu = page.getByRole("slider", { name: /^CPU/ });
  await expect(memory).not.toHaveAttribute("aria-valuetext", "No samples");
  await memory.focus();
  await page.keyboard.press("Home");
  await expect(memory).toHaveAttribute("aria-valuetext", / at /);
  await expect(cpu).toHaveAttribute("aria-valuetext", / at /);
  await page.keyboard.press("Enter");
  await expect(log.locator('[data-row="1"]')).toBeInViewport();

  await page.getByRole("tab", { name: "Compare" }).click();
  await expect(page).toHaveURL(/tab=compare/);
  const table = page.getByRole("table");
  await expect(table.getByRole("row", { name: /^Outcome/ })).toContainText("Non-zero exit");
  await page.getByRole("combobox", { name: "Second attempt" }).selectOption("2");
  await expect(page.getByText(/They printed the same|line [\d,]+ → line [\d,]+/).first()).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
});

test("watch, pause, resume and cancel a run that prints, with the keyboard alone", async ({ page, api }) => {
  const { id } = await api.submit({
    name: "prints until it is cancelled",
    language: "python",
    source: "import time\nn = 0\nwhile True:\n    n += 1\n    print(f'tick {n}', flush=True)\n    time.sleep(0.01)",
    retry: { maxRetries: 0 },
  });
  await page.goto(`/runs/${id}`);
  const log = page.getByRole("log", { name: "Output of attempt 1" });
  // Whichever are in sight by then: it prints on.
  await expect(log).toContainText(/tick \d{2,}/, { timeout: 60_000 });
  await expect(page.getByRole("status", { name: "Lines", exact: true })).toHaveText(/^(\d{3}|[\d,]{5,}) lines$/);
  await log.focus();
  await page.keyboard.press("PageUp");
  const paused = page.getByRole("button", { name: /^Paused, \d+ new lines$/ });
  await expect(paused).toBeVisible();
  await expect(page.getByRole("button", { name: "Follow" })).toHaveAttribute("aria-pressed", "false");
  // Earlier lines are there while it prints on, and what is read stays where it is.
  await page.keyboard.press("Home");
  await expect(log.locator('[data-row="1"]')).toContainText("tick 1");
  const top = await log.evaluate((element) => element.scrollTop);
  const before = await paused.innerText();
  await expect.poll(() => paused.innerText()).not.toBe(before);
  expect(await log.evaluate((element) => element.scrollTop)).toBe(top);
  await page.keyboard.press("f");
  await expect(paused).toHaveCount(0);
  await expect.poll(() => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)).toBeLessThan(30);

  const cancel = page.getByRole("button", { name: "Cancel", exact: true });
  await cancel.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status", { name: "Run status" })).toContainText("Cancelled", { timeout: 60_000 });
});

test("what was read before a run ended, and arrives after that was told, does not bring its old state back", async ({ page, api }) => {
  const { id } = await api.submit({
    name: "ends half a second after it is asked to",
    language: "bash",
    source: "trap 'sleep 0.5; exit' TERM; echo up; sleep 60 & wait",
  });
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole("log", { name: "Output of attempt 1" })).toContainText("up", { timeout: 60_000 });
  // The answer to what the page asks for once it has asked for the end: held until long after the end.
  const late = page.waitForResponse(/runs\.get/);
  await page.route(/runs\.get/, async (route) => {
    const response = await route.fetch();
    await page.waitForTimeout(2_000);
    await route.fulfill({ response });
  });
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const status = page.getByRole("status", { name: "Run status" });
  await expect(status).toContainText("Cancelled");
  await late.catch(() => undefined);
  await page.waitForTimeout(3_000);
  await expect(status).toContainText("Cancelled");
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("a link to a line of a running run holds still on it", async ({ page, api }) => {
  const { id } = await api.submit({
    name: "prints on",
    language: "python",
    source: "import time\nfor n in range(1, 1500):\n    print(f'tick {n}', flush=True)\n    time.sleep(0.005)",
    retry: { maxRetries: 0 },
  });
  await api.until(id, (run) => run.status === "running");
  await page.goto(`/runs/${id}?line=40`);
  const row = page.getByRole("log").locator('[data-row="40"]');
  await expect(row).toContainText("tick 40", { timeout: 60_000 });
  await expect(row).toBeInViewport();
  await api.untilEnded(id);
  await expect(row).toBeInViewport();
});

test("no tab has a finding or scrolls sideways, however long its name", async ({ page, api }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const { id } = await api.submit({
    ...failing,
    name: `a run with a rather long name that has to be cut somewhere ${randomUUID()}`,
    limits: { memoryBytes: 64 * MIB },
    // More attempts than fit beside each other.
    retry: { ...failing.retry, maxRetries: 4, delayMs: 10, maxDelayMs: 10 },
  });
  await api.untilEnded(id);
  for (const tab of ["output", "script", "details", "compare"]) {
    await page.goto(`/runs/${id}?tab=${tab}`);
    await expect(page.getByRole("tabpanel")).not.toBeEmpty();
    await expect(page.getByRole("region", { name: "Last lines of stderr" })).toBeVisible();
    await expectGoodLooks(page, tab);
  }
});

test("the page stays where its reader scrolled it while a run goes on; of many attempts the newest is in sight", async ({ page, api }) => {
  const retried = await api.submit({
    ...failing,
    name: "many attempts",
    source: "raise SystemExit(3)",
    retry: { maxRetries: 9, delayMs: 10, maxDelayMs: 10, jitter: false },
  });
  await api.untilEnded(retried.id);
  await page.goto(`/runs/${retried.id}`);
  const scrolled = () => page.evaluate(() => window.scrollY);
  await expect(page.getByRole("button", { name: "Attempt 10:" })).toBeInViewport();
  expect(await scrolled()).toBe(0);

  const { id } = await api.submit({
    name: "goes on",
    language: "python",
    source: "import time\nfor n in range(1200):\n    print(n, flush=True)\n    time.sleep(0.05)",
  });
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole("log")).toContainText("20", { timeout: 60_000 });
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const there = await scrolled();
  expect(there).toBeGreaterThan(200);
  // The clock of the running attempt ticks, its usage is sampled and its output grows meanwhile.
  await expect(page.getByRole("log")).toContainText("80", { timeout: 60_000 });
  expect(await scrolled()).toBe(there);
  await api.cancel(id);
});

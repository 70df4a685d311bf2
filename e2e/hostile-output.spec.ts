import { expect, test } from "./support/test.ts";

/** Output that tries to be more than text: it is shown as what it is, and the page stays quick. */

const MIB = 1024 ** 2;
const LONG_BYTES = 30 * MIB;

const SOURCE = `
import sys
out = sys.stdout.buffer
out.write(b"<script>document.title='owned'</script><img src=x onerror=\\"document.title='owned'\\"><b>bold</b>\\n")
out.write("bidi \\u202egnp.exe\\u202c \\u2066isolated\\u2069 zero\\u200bwidth\\n".encode())
out.write(b"\\x1b[2J\\x1b[1;1Htricks\\x1b]0;owned\\x07 \\x1b]8;;https://example.com\\x1b\\\\link\\x1b]8;;\\x1b\\\\ \\x1b[31mred\\x1b[0m\\n")
out.write(b"invalid \\xff\\xfe\\xc3\\x28 bytes\\n")
out.write(b"10 %\\r20 %\\r100 %\\n")
out.write(b"start " + b"x" * ${LONG_BYTES})
out.write(b" end\\nafter the long line\\n")
for number in range(1, 301):
    out.write(f"row {number}\\n".encode())
`;

test("HTML, terminal tricks, bidi controls, invalid UTF-8 and a line of 30 MB are shown safely, and the page stays quick", async ({ page, api, suite }) => {
  const { id } = await api.submit({
    name: "hostile output",
    language: "python",
    source: SOURCE,
    limits: { outputMaxBytes: 64 * MIB },
    retry: { maxRetries: 0 },
  });
  const strangers: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(suite.url).origin) strangers.push(request.url());
  });
  let received = 0;
  page.on("response", (response) => {
    if (response.url().includes("/api/")) received += Number(response.headers()["content-length"] ?? 0);
  });
  // While it prints, too.
  await page.goto(`/runs/${id}`);
  const log = page.getByRole("log", { name: "Output of attempt 1" });
  await expect(page.getByRole("status", { name: "Run status" })).toContainText("Succeeded", { timeout: 90_000 });
  await expect(page.getByRole("status", { name: "Lines", exact: true })).toHaveText("307 lines", { timeout: 60_000 });
  await expect(log).toContainText("row 300");

  await log.focus();
  await page.keyboard.press("Home");
  await expect(log).toContainText("<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"><b>bold</b>");
  await expect(log).toContainText("bidi ‹U+202E›gnp.exe‹U+202C› ‹U+2066›isolated‹U+2069› zero‹U+200B›width");
  await expect(log).toContainText("tricks link red");
  await expect(log).toContainText("invalid ���( bytes");
  await expect(log.locator('[data-row="5"]')).toHaveText(/100 %$/);
  expect(await log.locator("a, img, script").count()).toBe(0);
  await expect(page).toHaveTitle(/hostile output/);

  // The long line is cut; more of it is asked for, and never all of it.
  const more = log.locator('[data-row="6"]').getByRole("button", { name: /more/ });
  await expect(more).toHaveText(/… (29\.9\d|30) MiB more|… 30 MiB more/);
  await more.evaluate((button) => (button as HTMLElement).click());
  const dialog = page.getByRole("dialog", { name: "Line 6" });
  await expect(dialog.getByRole("region")).toContainText(/^start xxx/);
  expect((await dialog.getByRole("region").innerText()).length).toBeLessThan(300_000);
  await page.keyboard.press("Escape");
  expect(received).toBeLessThan(4 * MIB);

  // Quick: no task blocks the page for long while it is scrolled and wrapped, and the page is no larger than ever.
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ entryTypes: ["longtask"] });
  });
  const began = Date.now();
  await page.getByRole("button", { name: "Wrap" }).click();
  await expect(page.getByRole("button", { name: "Wrap" })).toHaveAttribute("aria-pressed", "true");
  await log.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await expect(log).toContainText("row 300");
  await page.getByRole("button", { name: "Wrap" }).click();
  await page.getByRole("searchbox", { name: "Search the output" }).fill("after the long");
  await expect(page.getByRole("status", { name: "Matching lines" })).toHaveText("1 of 1", { timeout: 60_000 });
  expect(Date.now() - began).toBeLessThan(60_000);
  expect(Math.max(0, ...(await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks)))).toBeLessThan(3_000);
  expect(await page.locator("*").count()).toBeLessThan(900);
  expect(strangers).toEqual([]);

  // What is downloaded is what was printed, byte for byte.
  const raw = await (await api.request.get(`/api/v1/runs/${id}/output?format=raw&attempt=1`)).body();
  expect(raw.includes(Buffer.from([0xff, 0xfe, 0xc3, 0x28]))).toBe(true);
  expect(raw.indexOf(" end\nafter") - raw.indexOf("start x")).toBe("start ".length + LONG_BYTES);
});

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { request as playwrightRequest } from "@playwright/test";
import type { Page } from "@playwright/test";

import { ensureDatabase, startCluster } from "../scripts/postgres/cluster.ts";
import { createApi } from "./support/api.ts";
import type { Api } from "./support/api.ts";
import { startInstance } from "./support/instance.ts";
import { webProcessesAt } from "./support/processes.ts";
import { openStreamProxy } from "./support/stream-proxy.ts";
import { expect, test } from "./support/test.ts";

/** A run prints 5,000 lines a second; its stream is cut and silenced, the web process is killed, the database is away for 20 s. */

const AWAY_MS = 20_000;
const MIB = 1024 ** 2;
/** Prints `line 1`, `line 2`, … for a time; each attempt begins anew. */
const PRINTER = `
import sys, time
end = time.monotonic() + float(sys.argv[1])
due = time.monotonic()
number = 0
while time.monotonic() < end:
    sys.stdout.write("".join(f"line {number + index + 1}\\n" for index in range(500)))
    sys.stdout.flush()
    number += 500
    due += 0.1
    time.sleep(max(0, due - time.monotonic()))
`;

type Pill = { at: number; label: string };

/** Notes from now on every word of the pill, and every row on screen whose text is not that of its number. */
async function watch(page: Page) {
  await page.evaluate(() => {
    const seen = { pills: [] as Pill[], wrong: [] as string[], checked: 0 };
    Object.assign(window, { seen });
    const look = () => {
      const label = document.querySelector('[aria-label^="Updates: "]')?.getAttribute("aria-label") ?? "";
      if (seen.pills.at(-1)?.label !== label) seen.pills.push({ at: Date.now(), label });
      for (const row of document.querySelectorAll("[role=log] [data-row]")) {
        const [, number, text] = /^(\d+)\s*(line \d+)$/.exec((row as HTMLElement).textContent ?? "") ?? [];
        if (number === undefined) continue;
        seen.checked += 1;
        if (text !== `line ${number}` || row.getAttribute("data-row") !== number) seen.wrong.push(`${row.getAttribute("data-row")}: ${row.textContent}`);
      }
    };
    setInterval(look, 100);
    new MutationObserver(look).observe(document.querySelector("header") ?? document.body, { subtree: true, attributes: true, childList: true });
  });
}

const seenBy = (page: Page) => page.evaluate(() => (window as unknown as { seen: { pills: Pill[]; wrong: string[]; checked: number } }).seen);

/** The pill says a word, or said it for a moment since then. */
const expectSaid = (page: Page, label: string, since: number, timeout = 10_000) =>
  expect
    .poll(async () => (await seenBy(page)).pills.some((said) => said.at >= since && said.label === `Updates: ${label}`), { timeout, message: label })
    .toBe(true);

const pill = (page: Page, label: string) => page.getByRole("status", { name: `Updates: ${label}` });

async function rowsOf(page: Page): Promise<number> {
  return Number((await page.getByRole("status", { name: "Lines", exact: true }).innerText()).replaceAll(/\D/g, ""));
}

/** Looks at windows all over the log: every row that is drawn says its own number. */
async function expectContiguous(page: Page, rows: number): Promise<void> {
  const log = page.getByRole("log");
  for (let step = 0; step <= 60; step += 1) {
    const shown = await log.evaluate((element, share) => {
      element.scrollTop = share * (element.scrollHeight - element.clientHeight);
      return new Promise<string[]>((resolve, reject) => {
        const deadline = Date.now() + 10_000;
        const look = () => {
          const drawn = [...element.querySelectorAll("[data-row]")].map((row) => row.textContent ?? "");
          const box = element.getBoundingClientRect();
          const inSight = [...element.querySelectorAll("[data-row]")].filter((row) => {
            const { top, bottom } = row.getBoundingClientRect();
            return bottom > box.top && top < box.bottom;
          });
          if (inSight.length > 5 && inSight.every((row) => (row.textContent ?? "").includes("line"))) resolve(inSight.map((row) => row.textContent ?? ""));
          else if (Date.now() > deadline) reject(new Error(`These rows never came: ${drawn.join(" | ")}`));
          else setTimeout(look, 20);
        };
        requestAnimationFrame(() => requestAnimationFrame(look));
      });
    }, step / 60);
    const numbers = shown.map((text) => Number(/^(\d+)line \d+$/.exec(text)?.[1]));
    expect(shown).toEqual(numbers.map((number) => `${number}line ${number}`));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    if (step === 0) expect(numbers[0]).toBe(1);
    if (step === 60) expect(numbers.at(-1)).toBe(rows);
  }
}

async function rawLines(api: Api, id: string, attempt: number): Promise<string[]> {
  const answer = await api.request.get(`/api/v1/runs/${id}/output?format=raw&attempt=${attempt}`);
  return (await answer.text()).split("\n").filter((line) => line !== "");
}

test("lines stay contiguous and the pill tells the truth while stream, web and database go away", async ({ browser }) => {
  test.setTimeout(420_000);
  const directory = mkdtempSync(join(tmpdir(), "corral-live-"));
  let cluster = await startCluster({ directory: join(directory, "postgres"), durable: false });
  await ensureDatabase(cluster, "corral");
  const token = `e2e-${randomBytes(24).toString("hex")}`;
  const instance = await startInstance({ dataDir: join(directory, "data"), token, environment: { DATABASE_URL: cluster.urlOf("corral") } });
  const { port } = new URL(instance.url);
  const proxy = await openStreamProxy(Number(port));
  const context = await browser.newContext({ baseURL: `http://localhost:${proxy.port}` });
  const request = await playwrightRequest.newContext({ baseURL: instance.url, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
  try {
    const api = createApi(request);
    const page = await context.newPage();
    await page.goto(new URL(instance.signInLink).pathname + new URL(instance.signInLink).search);
    await page.waitForURL(/\/runs/);
    await page.goto("/runs");

    const { id } = await api.submit({
      name: "prints and prints",
      language: "python",
      source: PRINTER,
      args: ["75"],
      limits: { outputMaxBytes: 64 * MIB },
      retry: { maxRetries: 0 },
    });
    await page.goto(`/runs/${id}`);
    await expect(page.getByRole("log")).toContainText(/line \d{4}/, { timeout: 60_000 });
    await expect(pill(page, "Live")).toBeVisible();
    await watch(page);

    // The stream breaks off.
    const cutAt = Date.now();
    proxy.cutStreams();
    await expectSaid(page, "Reconnecting", cutAt);
    await expect(pill(page, "Live")).toBeVisible({ timeout: 60_000 });
    const afterCut = await rowsOf(page);
    await expect.poll(() => rowsOf(page), { timeout: 60_000 }).toBeGreaterThan(afterCut);

    // The web process is killed; it is started again by what keeps it.
    const web = webProcessesAt(port);
    expect(web).not.toEqual([]);
    const killedAt = Date.now();
    for (const pid of web) process.kill(pid, "SIGKILL");
    await expectSaid(page, "Reconnecting", killedAt);
    await expect(pill(page, "Live")).toBeVisible({ timeout: 60_000 });
    const afterRestart = await rowsOf(page);
    await expect.poll(() => rowsOf(page), { timeout: 60_000 }).toBeGreaterThan(afterRestart);

    // The stream falls silent: nobody closes it, and nothing comes.
    const silentFrom = Date.now();
    proxy.silenceStreams();
    await expectSaid(page, "Reconnecting", silentFrom, 20_000);
    await expect(pill(page, "Live")).toBeVisible({ timeout: 60_000 });

    // The database is away. Its worker ends the attempt after eight seconds, and the run starts again when it is back.
    const awayFrom = Date.now();
    await cluster.stop();
    await expectSaid(page, "Reconnecting", awayFrom, 5_000);
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS - (Date.now() - awayFrom)));
    const awayTo = Date.now();
    cluster = await startCluster({ directory: join(directory, "postgres"), socket: cluster.socket, durable: false });
    await expect(pill(page, "Live")).toBeVisible({ timeout: 60_000 });

    const run = await api.untilEnded(id, 180_000);
    expect(run.attempts.map((attempt) => attempt.outcome)).toEqual(["worker_lost", "succeeded"]);
    await expect(page.getByRole("status", { name: "Run status" })).toContainText("Succeeded", { timeout: 60_000 });

    for (const attempt of run.attempts) {
      const lines = await rawLines(api, id, attempt.number);
      expect(lines.length).toBeGreaterThan(10_000);
      expect(lines.findIndex((line, index) => line !== `line ${index + 1}`)).toBe(-1);
      await page
        .getByRole("region", { name: "Attempts" })
        .getByRole("button", { name: new RegExp(`^Attempt ${attempt.number}:`) })
        .click();
      await expect.poll(() => rowsOf(page), { timeout: 60_000 }).toBe(lines.length);
      // It opens at its end; who scrolls before that is taken there all the same.
      await expect(page.getByRole("log")).toContainText(`line ${lines.length}`);
      await expectContiguous(page, lines.length);
    }

    const seen = await seenBy(page);
    expect(seen.wrong).toEqual([]);
    expect(seen.checked).toBeGreaterThan(1_000);
    // It was never called live while nothing could come: not from a moment after the database went until it was back.
    const during = seen.pills.filter(({ at }) => at > awayFrom + 5_000 && at < awayTo);
    expect(during.filter(({ label }) => label === "Updates: Live")).toEqual([]);
    expect(seen.pills.findLast(({ at }) => at < awayTo)?.label).toBe("Updates: Reconnecting");
  } finally {
    await context.close();
    await request.dispose();
    await proxy.close();
    await instance.stop();
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});

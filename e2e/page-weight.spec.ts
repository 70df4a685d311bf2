import type { Page } from "@playwright/test";

import { expect, test } from "./support/test.ts";

/** What lists and New run load: scripts by their bytes on the wire, nothing from anywhere else, and nothing that moves afterwards. */

const KB = 1000;
const PAGES = [
  { path: "/", limit: 240 * KB },
  { path: "/runs", limit: 240 * KB },
  { path: "/runs/new", limit: 260 * KB, editor: 170 * KB },
];

type Loaded = { url: string; bytes: number };

async function load(page: Page, path: string): Promise<{ scripts: Loaded[]; hosts: Set<string>; shift: number; editorUrls: string[] }> {
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  const seen = new Map<string, { url: string; mime: string }>();
  const scripts: Loaded[] = [];
  const hosts = new Set<string>();
  client.on("Network.requestWillBeSent", ({ request }) => {
    if (!request.url.startsWith("data:") && !request.url.startsWith("blob:")) hosts.add(new URL(request.url).host);
  });
  client.on("Network.responseReceived", ({ requestId, response }) => seen.set(requestId, { url: response.url, mime: response.mimeType }));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const response = seen.get(requestId);
    if (response?.mime.includes("javascript") === true) scripts.push({ url: response.url, bytes: encodedDataLength });
  });
  await page.addInitScript(() => {
    const state = window as unknown as { shift: number };
    state.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) if (!entry.hadRecentInput) state.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const answer = await page.goto(path);
  // Named in the page as it came: what is there besides was loaded by what runs.
  const html = (await answer?.text()) ?? "";
  const first = new Set([...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src = ""]) => new URL(src, page.url()).href));
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.getByRole("status", { name: "Updates: Live" })).toBeVisible();
  if (path === "/runs/new") await expect(page.locator(".cm-content")).toBeVisible();
  const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
  return { scripts, hosts, shift, editorUrls: scripts.filter(({ url }) => !first.has(url)).map(({ url }) => url) };
}

for (const { path, limit, editor } of PAGES) {
  test(`${path} keeps to its weight`, async ({ page, suite, api }) => {
    await api.execute({ name: "there is one", language: "bash", source: "true" });
    const { scripts, hosts, shift, editorUrls } = await load(page, path);
    const sum = (list: Loaded[]) => list.reduce((total, { bytes }) => total + bytes, 0);
    const lazy = editor === undefined ? [] : scripts.filter(({ url }) => editorUrls.includes(url));
    const rest = scripts.filter((one) => !lazy.includes(one));
    expect(sum(scripts)).toBeGreaterThan(100 * KB);
    expect(sum(rest), `scripts of ${path}`).toBeLessThanOrEqual(limit);
    if (editor !== undefined) expect(sum(lazy), "the editor").toBeLessThanOrEqual(editor);
    expect([...hosts]).toEqual([new URL(suite.url).host]);
    expect(shift, "cumulative layout shift").toBeLessThanOrEqual(0.02);
  });
}

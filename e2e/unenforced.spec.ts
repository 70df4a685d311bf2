import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { axeFindings } from "./support/axe.ts";
import { expect, test } from "./support/test.ts";

/** A run that waits for its language, and a worker that was allowed to run without kernel limits: said everywhere. */

/** A host whose cgroups can't be written, and which has one interpreter more than any other: a shell by another name. */
const HOST = `
grep -E ' - cgroup2? ' /proc/self/mountinfo | cut -d' ' -f5 | while read -r mount; do mount -o remount,bind,ro,nosuid,nodev,noexec "$mount" || exit 1; done
mount -t tmpfs -o mode=755 tmpfs /usr/local/bin
printf '#!/bin/sh\\n[ "$1" = -v ] && { echo "Lua 9.9"; exit; }\\nshift 2\\nexec sh "$@"\\n' >/usr/local/bin/lua5.4
chmod 755 /usr/local/bin/lua5.4
exec "$@"`;

function startUnenforcedWorker(databaseUrl: string, dataDir: string) {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    CORRAL_DATA_DIR: dataDir,
    CORRAL_ALLOW_UNENFORCED: "1",
    CORRAL_SLOTS: "1",
    CORRAL_INTERACTIVE_SLOTS: "1",
  };
  const worker = spawn("unshare", ["--mount", "sh", "-c", HOST, "sh", process.execPath, "worker/main.ts"], { stdio: ["ignore", "ignore", "inherit"], env });
  const exited = once(worker, "exit");
  return async () => {
    worker.kill("SIGTERM");
    await exited;
  };
}

test("a run waits for its language and says so; a worker without kernel limits runs it, and every page says that", async ({ page, api, suite }) => {
  const { id, waitingReason } = await api.submit({ name: "speaks Lua", language: "lua", source: "echo from a shell", retry: { maxRetries: 0 } });
  expect(waitingReason).toMatch(/^No worker offers lua; they offer bash, /);
  await page.goto(`/runs/${id}`);
  await expect(page.getByText(/No worker offers lua/).filter({ visible: true })).toBeVisible();
  const banner = page.getByRole("alert").filter({ hasText: "Scripts run without kernel limits" });
  await expect(banner).toHaveCount(0);

  const { databaseUrl } = JSON.parse(readFileSync(join(suite.dataDir, "instance.json"), "utf8")) as { databaseUrl: string };
  const dataDir = mkdtempSync(join(tmpdir(), "corral-unenforced-"));
  const stop = startUnenforcedWorker(databaseUrl, dataDir);
  try {
    expect(await api.untilEnded(id)).toMatchObject({ status: "succeeded", enforced: false, attempts: [{ enforced: false, evidence: { driver: "none" } }] });
    expect((await api.request.get(`/api/v1/runs/${id}`)).headers()["corral-enforcement"]).toBe("unenforced");

    await expect(page.getByText("This attempt ran without kernel limits")).toBeVisible();
    await expect(banner).toBeVisible();
    for (const path of ["/runs", "/runs/new", "/dead-letters", "/settings", "/workers"]) {
      await page.goto(path);
      await expect(banner).toBeVisible();
    }
    await expect(page.getByText("Limits not enforced")).toBeVisible();
    await page.goto("/runs?q=speaks+Lua");
    await expect(page.getByRole("row", { name: /speaks Lua/ }).getByText("Unenforced")).toBeVisible();
    expect(await axeFindings(page)).toEqual([]);
  } finally {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  // It is gone, and so is what was said of it; its run keeps the mark.
  await expect(banner).toHaveCount(0);
  await expect(page.getByRole("row", { name: /speaks Lua/ }).getByText("Unenforced")).toBeVisible();
});

test("what the kernel held is said as well", async ({ api }) => {
  const run = await api.execute({ language: "bash", source: "true" });
  expect(run.enforced).toBe(true);
  expect((await api.request.get(`/api/v1/runs/${run.id}`)).headers()["corral-enforcement"]).toBe("enforced");
});

import { randomUUID } from "node:crypto";

import type { Worker } from "#server/contracts/workers.ts";

import { processesWith } from "./support/processes.ts";
import { expect, test } from "./support/test.ts";

/** design.md §4, promises 2 to 4: kill -9 of the worker in the middle of a run. */

test("a killed worker takes its script with it, and the run is executed again and ends once", async ({ api, page }) => {
  const marker = `crash-${randomUUID()}`;
  const { id } = await api.submit({
    name: "survives its worker",
    language: "bash",
    // Short enough to end by itself the second time; a child that left its session would outlive a naive kill.
    source: `echo "attempt $CORRAL_ATTEMPT"; [ "$CORRAL_ATTEMPT" = 1 ] && { setsid bash -c 'sleep 300; true' "$1" & sleep 300; }; exit 0`,
    args: [marker],
    retry: { maxRetries: 0 },
  });
  await api.until(id, (run) => run.status === "running" && run.attempts.length === 1);
  await expect.poll(() => processesWith(marker).length, { message: "the script runs" }).toBeGreaterThan(0);

  const { items } = (await (await api.request.get("/api/v1/workers")).json()) as { items: Worker[] };
  const worker = items.find((candidate) => candidate.running.some((running) => running.runId === id));
  if (worker === undefined) throw new Error("No worker says that it runs the script.");
  process.kill(worker.pid, "SIGKILL");

  await expect.poll(() => processesWith(marker), { message: "nothing of the script is left", timeout: 2_000 }).toEqual([]);
  const run = await api.untilEnded(id, 30_000);
  expect(run).toMatchObject({ status: "succeeded", chargedFailures: 0 });
  expect(run.attempts.map((attempt) => attempt.outcome)).toEqual(["worker_lost", "succeeded"]);
  expect(run.attempts.every((attempt) => attempt.status === "finished")).toBe(true);

  // The lost worker says what became of what it ran.
  await page.goto("/workers");
  const given = page.getByRole("region", { name: new RegExp(`pid ${worker.pid}$`) }).getByRole("list", { name: "Queued again" });
  await expect(given.getByRole("listitem").filter({ hasText: "survives its worker" })).toContainText(/attempt 1 was lost; now\s*Succeeded/);
  await given.getByRole("link", { name: "survives its worker" }).click();
  await expect(page).toHaveURL(new RegExp(id));
});

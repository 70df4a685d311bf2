import { AxeBuilder } from "@axe-core/playwright";

import type { BulkOperation } from "#server/contracts/dead-letters.ts";

import { expect, test } from "./support/test.ts";

/** A paced bulk retry that is paused, resumed and aborted from its page. */

test("a paced retry is paused, goes on, and is aborted: what was not done stays a dead letter", async ({ page, api }) => {
  const tag = `steer-${Date.now()}`;
  const dead = Array.from({ length: 40 }, (_, index) => ({ name: `dead ${index}`, language: "bash", source: "exit 1", tags: [tag], retry: { maxRetries: 0 } }));
  const { items } = (await (await api.request.post("/api/v1/runs/batch", { data: { runs: dead } })).json()) as { items: { id: string }[] };
  for (const { id } of items) await api.untilEnded(id);
  const response = await api.request.post("/api/v1/dead-letters/retry", { data: { filter: { tag: [tag] }, ratePerMinute: 120 } });
  const operation = (await response.json()) as BulkOperation;
  expect([response.status(), operation]).toMatchObject([202, { total: 40, ratePerMinute: 120 }]);
  const id = operation.id ?? "";

  await page.goto(`/bulk-operations/${id}`);
  await expect(page.getByText("120 a minute at most")).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  const { done } = await api.bulk(id);
  expect(done).toBeLessThan(40);
  await expect(page.getByRole("status").filter({ hasText: `${done} of 40 done` })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
  expect(violations.map((violation) => violation.id)).toEqual([]);

  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(async () => (await api.bulk(id)).done).toBeGreaterThan(done);
  await page.getByRole("button", { name: "Abort" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Abort" }).click();
  await expect(page.getByText("Aborted", { exact: true })).toBeVisible();
  await expect(page.getByText("The operation was aborted before it.").first()).toBeVisible();

  const ended = await api.bulk(id);
  expect(ended).toMatchObject({ status: "aborted", done: 40, failed: 0 });
  expect(ended.succeeded).toBeGreaterThan(0);
  expect(ended.skipped).toBe(40 - ended.succeeded);
  expect((await api.request.post(`/api/v1/bulk-operations/${id}/resume`)).status()).toBe(409);
});

import type { BulkOperation } from "#server/contracts/dead-letters.ts";

import { axeFindings } from "./support/axe.ts";
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
  await expect(page.getByText("120 a minute at most").filter({ visible: true })).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  const { done } = await api.bulk(id);
  expect(done).toBeLessThan(40);
  await expect(page.getByRole("status").filter({ hasText: `${done} of 40 done` })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);

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

test("a canary that fails holds the rest back and says why; its group is found, set aside and comes back", async ({ page, api }) => {
  const tag = `canary-${Date.now()}`;
  const dead = Array.from({ length: 12 }, (_, index) => ({
    name: `import ${index}`,
    language: "bash",
    source: `echo "fatal: ${tag} at row ${index}" >&2; exit 3`,
    tags: [tag],
    retry: { maxRetries: 0 },
  }));
  const { items } = (await (await api.request.post("/api/v1/runs/batch", { data: { runs: dead } })).json()) as { items: { id: string }[] };
  for (const { id } of items) await api.untilEnded(id);

  await page.goto(`/dead-letters?tag=${tag}`);
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await page.getByRole("region", { name: "Bulk actions" }).getByRole("button", { name: "Retry", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Canary").fill("0");
  await expect(dialog.getByText("A whole number from 1 to 1,000.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Retry 12" })).toBeDisabled();
  await dialog.getByLabel("Canary").fill("3");
  await dialog.getByRole("button", { name: "Retry 12" }).click();
  await expect(page).toHaveURL(/bulk-operations/);
  await expect(page.getByText(/of the first 3 failed again; 80 % had to succeed/)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "3 of 12 done" })).toBeVisible();

  const groupsOf = async (query: string) =>
    (await (await api.request.get(`/api/v1/dead-letters/groups?tag=${tag}${query}`)).json()) as {
      items: { fingerprint: string; title: string; count: number; state: string }[];
    };
  const { items: groups } = await groupsOf("");
  const [group] = groups;
  expect(groups).toHaveLength(1);
  expect(group).toMatchObject({ count: 12, state: "open" });
  expect(group?.title).toContain("at row <n>");
  const at = `/api/v1/dead-letters/groups/${group?.fingerprint ?? ""}`;
  expect((await api.request.post(`${at}/resolve`)).status()).toBe(202);
  expect((await groupsOf("&state=open")).items).toEqual([]);
  // The same death again opens it again.
  const again = await api.submit({ ...dead[0], source: `echo "fatal: ${tag} at row 99" >&2; exit 3`, language: "bash" });
  expect(await api.untilEnded(again.id)).toMatchObject({ status: "dead" });
  expect((await groupsOf("&state=open")).items).toMatchObject([{ count: 13, fingerprint: group?.fingerprint }]);
  expect((await api.request.post(`${at}/ignore`, { data: { until: "yesterday" } })).status()).toBe(400);

  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible();
});

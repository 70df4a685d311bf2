import { expect, test } from "./support/test.ts";

/** Draining from Workers: what runs goes on, what waits waits, and all of it goes on when it is resumed. */

test("a drained worker finishes what it runs and takes nothing new until it is resumed", async ({ page, api }) => {
  const running = await api.submit({ name: "runs on", language: "bash", source: "echo begun; sleep 6; echo done", retry: { maxRetries: 0 } });
  await api.until(running.id, (run) => run.status === "running");
  await page.goto("/workers");
  // With the keyboard alone.
  await page.getByRole("button", { name: /^Drain the worker/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Draining", { exact: true })).toBeVisible();
  await expect(page.getByText("It finishes what it runs and takes nothing new.")).toBeVisible();

  const waiting = await api.submit({ name: "waits", language: "bash", source: "true" });
  expect(await api.untilEnded(running.id)).toMatchObject({ status: "succeeded", attempts: [{ outcome: "succeeded" }] });
  expect(await api.run(waiting.id)).toMatchObject({ status: "queued", waitingReason: expect.stringMatching(/^No worker takes runs/) });

  await page.getByRole("button", { name: /^Resume the worker/ }).click();
  await expect(page.getByRole("button", { name: /^Drain the worker/ })).toBeVisible();
  expect(await api.untilEnded(waiting.id)).toMatchObject({ status: "succeeded" });
});

test("the same over HTTP, with its refusals", async ({ api }) => {
  const { items } = (await (await api.request.get("/api/v1/workers")).json()) as { items: { id: string; status: string }[] };
  const [worker] = items.filter(({ status }) => status === "active");
  const at = `/api/v1/workers/${worker?.id ?? ""}`;
  const drained = await api.request.post(`${at}/drain`);
  expect([drained.status(), await drained.json()]).toMatchObject([202, { id: worker?.id, status: "draining" }]);
  const resumed = await api.request.post(`${at}/resume`);
  expect([resumed.status(), await resumed.json()]).toMatchObject([202, { id: worker?.id, status: "active" }]);
  expect((await api.request.post("/api/v1/workers/nobody/drain")).status()).toBe(404);
});

test("a paused lane lets what is submitted wait, and the other lane goes on", async ({ page, api }) => {
  await page.goto("/workers");
  await page.getByRole("button", { name: "Pause the batch lane" }).click();
  await expect(page.getByText("Paused", { exact: true }).filter({ visible: true })).toBeVisible();
  const waiting = await api.submit({ name: "waits for its lane", language: "bash", source: "true" });
  await page.goto(`/runs/${waiting.id}`);
  await expect(page.getByText("The batch lane is paused").first()).toBeVisible();
  const answered = await api.request.post("/api/v1/execute", { data: { language: "bash", source: "echo hello" } });
  expect([answered.status(), await answered.json()]).toMatchObject([200, { status: "succeeded" }]);
  const resumed = await api.request.post("/api/v1/lanes/batch/resume");
  expect([resumed.status(), await resumed.json()]).toMatchObject([202, { lane: "batch", paused: null }]);
  expect(await api.untilEnded(waiting.id)).toMatchObject({ status: "succeeded" });
  expect((await api.request.post("/api/v1/lanes/fast/pause")).status()).toBe(400);
});

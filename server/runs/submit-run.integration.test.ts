import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { SettingsValues } from "../contracts/settings.ts";
import { LANES } from "../contracts/statuses.ts";
import { LimitExceededError, TooManyRequestsError } from "../errors.ts";
import { readSettings, settingsLastRead } from "../settings/read-settings.ts";
import { createTestContext } from "../testing.ts";
import type { TestContext } from "../testing.ts";
import { getRun } from "./get-run.ts";
import { listRuns } from "./list-runs.ts";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
const clear = () => ctx.database.pool.query("DELETE FROM pgboss.job; TRUNCATE run CASCADE;");
beforeEach(async () => {
  await clear();
  // This process knows the settings in force, and that no lane is full, as it does from its first submits on.
  await readSettings(ctx.database);
  for (const lane of LANES) await ctx.submit({ lane });
  await clear();
});
afterAll(() => ctx.close());

/** As another process does it: this one does not hear of it. */
async function putInForce(change: (values: SettingsValues) => void) {
  const known = settingsLastRead(ctx.database);
  if (known === null) throw new Error("The settings were never read.");
  const values = structuredClone(known.values);
  change(values);
  await ctx.database.rows("INSERT INTO settings_version (version, values, created_by) VALUES ($1, $2, 'another process')", [
    known.version + 1,
    JSON.stringify(values),
  ]);
}

const jobs = async () => (await ctx.database.rows("SELECT FROM pgboss.job WHERE name LIKE 'run.%'")).length;
const nothingIsWritten = async () => {
  expect((await listRuns(ctx, { limit: 10 })).items).toEqual([]);
  expect(await jobs()).toBe(0);
};
const timeoutOf = async (id: string) => (await getRun(ctx, { id, include: [] })).limits.timeoutMs;

test("a run gets the defaults in force, also where another process has just changed them", async () => {
  await putInForce(({ limits }) => (limits.timeoutMs.default = 4_321));
  expect(await timeoutOf(await ctx.submit())).toBe(4_321);
  expect(await jobs()).toBe(1);
  expect(settingsLastRead(ctx.database)?.values.limits.timeoutMs.default).toBe(4_321);
});

test("settings of the same number from before the database was restored are not taken for those in force", async () => {
  await putInForce(({ limits }) => (limits.timeoutMs.default = 5_432));
  await ctx.submit();
  const { version } = settingsLastRead(ctx.database) ?? { version: 0 };
  await ctx.database.rows("DELETE FROM settings_version WHERE version = $1", [version]);
  await ctx.database.rows(
    `INSERT INTO settings_version (version, values, created_by) SELECT $1, jsonb_set(values, '{limits,timeoutMs,default}', '6543'), 'another process'
     FROM settings_version WHERE version = $1 - 1`,
    [version],
  );
  expect(await timeoutOf(await ctx.submit())).toBe(6_543);
});

test("what was allowed is refused once another process has forbidden it, and nothing is written", async () => {
  await putInForce(({ limits }) => (limits.pidsMax.maximum = limits.pidsMax.default));
  const { pidsMax } = settingsLastRead(ctx.database)?.values.limits ?? {};
  await expect(ctx.submit({ limits: { pidsMax: pidsMax?.maximum ?? 0 } })).rejects.toBeInstanceOf(LimitExceededError);
  await nothingIsWritten();
});

test("what was refused is accepted once another process has allowed it", async () => {
  const { maximum } = settingsLastRead(ctx.database)?.values.limits.pidsMax ?? { maximum: 0 };
  await expect(ctx.submit({ limits: { pidsMax: maximum + 1 } })).rejects.toBeInstanceOf(LimitExceededError);
  await putInForce(({ limits }) => (limits.pidsMax.maximum = maximum + 1));
  const id = await ctx.submit({ limits: { pidsMax: maximum + 1 } });
  expect((await getRun(ctx, { id, include: [] })).limits.pidsMax).toBe(maximum + 1);
});

test("a full interactive lane takes as many as it has room for and refuses the next, which is written nowhere", async () => {
  await putInForce(({ execute }) => (execute.maximumQueued = 2));
  for (let place = 1; place <= 2; place += 1) await ctx.submit({ lane: "interactive" });
  await expect(ctx.submit({ lane: "interactive" })).rejects.toBeInstanceOf(TooManyRequestsError);
  await ctx.submit();
  expect(await jobs()).toBe(3);
  expect((await listRuns(ctx, { limit: 10 })).items).toHaveLength(3);
});

type Connection = { query: (...given: unknown[]) => Promise<unknown> };

/** What the first connection that is taken from now on is sent, and when it answers: a run's own. */
function watchFirst() {
  const seen: { event: "sent" | "answered" | "refused"; statement: string }[] = [];
  ctx.database.pool.once("acquire", (connection: Connection) => {
    const query = connection.query.bind(connection);
    connection.query = (...given) => {
      const statement = JSON.stringify(given[0]);
      seen.push({ event: "sent", statement });
      const answer = query(...given);
      answer.then(
        () => seen.push({ event: "answered", statement }),
        () => seen.push({ event: "refused", statement }),
      );
      return answer;
    };
    ctx.database.pool.once("release", () => (connection.query = query));
  });
  return { events: () => seen.map(({ event }) => event), refused: () => seen.filter(({ event }) => event === "refused").length };
}

test.each(["batch", "interactive"] as const)("all of a submit to the %s lane is sent before the database has answered any of it", async (lane) => {
  const first = watchFirst();
  await ctx.submit({ lane });
  const statements = lane === "batch" ? 5 : 6;
  expect(first.events()).toEqual([...Array.from({ length: statements }, () => "sent"), ...Array.from({ length: statements }, () => "answered")]);
});

test("of many that a full lane refuses the first alone is an error to PostgreSQL, and where there is room again one round trip does", async () => {
  await putInForce(({ execute }) => (execute.maximumQueued = 1));
  const refused: number[] = [];
  await ctx.submit({ lane: "interactive" });
  for (let caller = 1; caller <= 3; caller += 1) {
    const first = watchFirst();
    await expect(ctx.submit({ lane: "interactive" })).rejects.toBeInstanceOf(TooManyRequestsError);
    refused.push(first.refused());
  }
  expect(refused).toEqual([expect.any(Number), 0, 0]);
  expect(refused[0]).toBeGreaterThan(0);
  await ctx.lease(1, "interactive");
  await ctx.submit({ lane: "interactive" });
  await ctx.lease(1, "interactive");
  const first = watchFirst();
  await ctx.submit({ lane: "interactive" });
  expect(first.events().indexOf("answered")).toBe(6);
});

import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Database } from "./client.ts";
import { isUnmet, requireThat, sqlTransaction } from "./sql-transaction.ts";
import type { SqlTransaction } from "./sql-transaction.ts";
import { createTestDatabase } from "./testing.ts";

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("CREATE TABLE noted (text text UNIQUE)");
});
afterAll(() => database.close());

const note = (tx: SqlTransaction, text: string) => tx.rows("INSERT INTO noted VALUES ($1)", [text]);
const noted = async () => (await database.rows<{ text: string }>("SELECT text FROM noted ORDER BY text")).map(({ text }) => text);

test("statements side by side are written together", async () => {
  await sqlTransaction(database, (tx) => Promise.all(["a", "b"].map((text) => note(tx, text))));
  expect(await noted()).toEqual(["a", "b"]);
});

test("of statements side by side one that is begun when another has failed is not carried out by itself", async () => {
  let late: Promise<unknown> = Promise.resolve();
  const failing = sqlTransaction(database, (tx) => {
    late = delay(100).then(() => note(tx, "late"));
    return Promise.all([note(tx, "c"), note(tx, "a"), late]);
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  await expect(late).rejects.toThrow("is over");
  expect(await noted()).toEqual(["a", "b"]);
});

test("what is asked of a transaction after its commit is refused", async () => {
  const tx = await sqlTransaction(database, async (open) => open);
  await expect(note(tx, "after")).rejects.toThrow("is over");
  expect(await noted()).toEqual(["a", "b"]);
});

test("what is looked at first is there for the work", async () => {
  const first = (tx: SqlTransaction) => tx.rows<{ text: string }>("SELECT text FROM noted ORDER BY text LIMIT 1");
  await sqlTransaction(database, (tx, found) => note(tx, `${found[0]?.text} again`), { first });
  expect(await noted()).toEqual(["a", "a again", "b"]);
});

test.each([undefined, 1])("nothing is written where the transaction could not begin, and the work is sent with its begin (%s)", async (writes) => {
  const before = await noted();
  const course = { opening: "BEGIN; SELECT 1 / 0", ...(writes === undefined ? {} : { writes }) };
  await expect(sqlTransaction(database, (tx) => note(tx, "sent along"), course)).rejects.toMatchObject({ code: "22012" });
  expect(await noted()).toEqual(before);
});

test("nothing is written where the transaction could not begin", async () => {
  let began = false;
  const opening = sqlTransaction(database, async () => (began = true), { opening: "BEGIN; SELECT 1 / 0", first: (tx) => tx.rows("SELECT 1") });
  await expect(opening).rejects.toMatchObject({ code: "22012" });
  expect(began).toBe(false);
  await sqlTransaction(database, (tx) => note(tx, "c"));
  expect(await noted()).toEqual(["a", "a again", "b", "c"]);
});

test("a statement's failure that nobody minds is the transaction's", async () => {
  const careless = sqlTransaction(database, async (tx) => {
    await note(tx, "d");
    await note(tx, "a").catch(() => undefined);
  });
  await expect(careless).rejects.toThrow("rolled back");
  expect(await noted()).not.toContain("d");
});

describe("with the number of its statements known", () => {
  test("it is committed with the last of them, while the work still waits", async () => {
    const seen = async () => {
      while (!(await noted()).includes("soon")) await delay(5);
      return "seen";
    };
    expect(await sqlTransaction(database, async (tx) => Promise.all([note(tx, "soon"), note(tx, "sooner"), seen()]), { writes: 2 })).toContain("seen");
  });

  test("one that fails takes the others back, whichever it is", async () => {
    const before = await noted();
    for (const texts of [
      ["a", "e"],
      ["e", "a"],
    ]) {
      const failing = sqlTransaction(database, (tx) => Promise.all(texts.map((text) => note(tx, text))), { writes: 2 });
      await expect(failing).rejects.toMatchObject({ code: "23505" });
    }
    expect(await noted()).toEqual(before);
  });

  test("one that can't be sent takes the others back, whichever it is", async () => {
    const before = await noted();
    const unsendable = {
      toPostgres: () => {
        throw new Error("unsendable");
      },
    };
    for (const values of [
      [unsendable, "e"],
      ["e", unsendable],
    ]) {
      const failing = sqlTransaction(database, (tx) => Promise.all(values.map((value) => tx.rows("INSERT INTO noted SELECT $1", [value]))), { writes: 2 });
      await expect(failing).rejects.toThrow("unsendable");
    }
    expect(await noted()).toEqual(before);
  });

  test("fewer are committed at their end, and more are refused", async () => {
    await sqlTransaction(database, (tx) => note(tx, "f"), { writes: 2 });
    const more = sqlTransaction(database, (tx) => Promise.all([note(tx, "g"), note(tx, "h")]), { writes: 1 });
    await expect(more).rejects.toThrow("is over");
    expect((await noted()).filter((text) => text > "e")).toEqual(["f", "soon", "sooner"]);
  });
});

test.each([
  ["$1::boolean", true, true],
  ["$1::boolean", false, false],
  ["$1::boolean", null, false],
  ["SELECT $1::boolean", true, true],
  ["SELECT $1::boolean FROM noted WHERE false", true, false],
])("what requires %s with %s is taken back unless that holds", async (condition, value, holds) => {
  const before = await noted();
  const work = (tx: SqlTransaction) => Promise.all([requireThat(tx, condition, [value]), note(tx, `${condition} holds`)]);
  const error = await sqlTransaction(database, work, { writes: 2 }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(isUnmet(error)).toBe(!holds);
  expect((await noted()).length - before.length).toBe(holds ? 1 : 0);
});

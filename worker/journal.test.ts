import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openJournal } from "./journal.ts";
import type { JournalEntry } from "./journal.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "corral-journal-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const entry: JournalEntry = {
  lease: { runId: "run", attemptId: "attempt", leaseToken: "token" },
  settlement: {
    attemptId: "attempt",
    leaseToken: "token",
    interruption: null,
    end: { outcome: "succeeded", message: "It ended.", exitCode: 0, signal: null, finishedAt: new Date("2026-01-01T00:00:00Z") },
  },
  output: [{ seq: 3, stream: "stderr", at: new Date("2026-01-01T00:00:01Z"), bytes: Buffer.from([0, 255, 10]), droppedBytes: 7 }],
  spill: null,
};

test("what was recorded is read as it was, until it is forgotten", async () => {
  const journal = await openJournal(directory);
  await journal.record(entry);
  expect(await (await openJournal(directory)).read()).toEqual([entry]);
  await journal.forget("attempt");
  await journal.forget("attempt");
  expect(await journal.read()).toEqual([]);
});

test("an entry that can't be written leaves nothing of it behind", async () => {
  const journal = await openJournal(directory);
  mkdirSync(join(directory, "attempt.json"));
  await expect(journal.record(entry)).rejects.toMatchObject({ code: "EISDIR" });
  expect(readdirSync(directory)).toEqual(["attempt.json"]);
});

test("what a dead worker had begun to write is removed, what a living one writes is not", async () => {
  for (const pid of [process.pid, 2 ** 22 + 1, 1]) writeFileSync(join(directory, `attempt.json.${pid}.tmp`), "{");
  await openJournal(directory);
  expect(readdirSync(directory)).toEqual(["attempt.json.1.tmp"]);
});

test("output whose attempt has a result is kept with it and goes with it; without one it is removed once its worker is dead", async () => {
  const journal = await openJournal(directory);
  await journal.record({ ...entry, spill: journal.spillPath("attempt") });
  for (const name of [`attempt.${process.pid}.output`, "other.1.output", `dead.${2 ** 22 + 1}.output`]) writeFileSync(join(directory, name), "");
  const successor = await openJournal(directory);
  expect(readdirSync(directory).sort()).toEqual(["attempt.json", `attempt.${process.pid}.output`, "other.1.output"].sort());
  expect((await successor.read())[0]?.spill).toBe(join(directory, `attempt.${process.pid}.output`));
  await successor.forget("attempt");
  expect(readdirSync(directory)).toEqual(["other.1.output"]);
});

test("what was cut off is no entry, and what can't be read is put aside: neither keeps a worker from starting", async () => {
  const journal = await openJournal(directory);
  await journal.record(entry);
  writeFileSync(join(directory, "half.json.tmp"), '{"lease":');
  writeFileSync(join(directory, "empty.json"), "");
  expect(await journal.read()).toEqual([entry]);
  expect(await journal.read()).toEqual([entry]);
  expect(readdirSync(directory).toSorted()).toEqual(["attempt.json", "empty.json.unreadable", "half.json.tmp"]);
});

const of = (attemptId: string): JournalEntry => ({ ...entry, lease: { ...entry.lease, attemptId } });

test("results that end together are one file, which is there until the last of them is forgotten", async () => {
  const journal = await openJournal(directory);
  const entries = ["one", "two", "three"].map(of);
  await Promise.all(entries.map(journal.record));
  expect(readdirSync(directory)).toEqual(["one.json"]);
  const successor = await openJournal(directory);
  expect(await successor.read()).toEqual(entries);
  await journal.forget("one");
  await journal.forget("three");
  expect(await successor.read()).toEqual(entries);
  await journal.forget("two");
  expect(readdirSync(directory)).toEqual([]);
  // What another has taken away meanwhile is no failure.
  await Promise.all(entries.map(({ lease }) => successor.forget(lease.attemptId)));
});

test("what is forgotten while it is being written is gone once the journal is idle", async () => {
  const journal = await openJournal(directory);
  void journal.record(of("one"));
  void journal.forget("one");
  await journal.idle();
  expect(readdirSync(directory)).toEqual([]);
});

test("an entry of a worker that wrote each into a file of its own is read", async () => {
  const journal = await openJournal(directory);
  await journal.record(entry);
  const path = join(directory, "attempt.json");
  const [alone] = JSON.parse(readFileSync(path, "utf8")) as unknown[];
  writeFileSync(path, JSON.stringify(alone));
  expect(await journal.read()).toEqual([entry]);
});

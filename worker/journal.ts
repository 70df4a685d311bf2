import { mkdir, readFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { createBatcher } from "#server/batcher.ts";
import type { UsageSample } from "#server/contracts/runs.ts";
import type { Database } from "#server/db/client.ts";
import { log } from "#server/log.ts";
import type { Queue } from "#server/queue/queue.ts";
import { appendOutput } from "#server/runs/append-output.ts";
import type { StoredChunk } from "#server/runs/append-output.ts";
import type { Lease } from "#server/runs/lease-runs.ts";
import { settleAttempt } from "#server/runs/settle-attempt.ts";
import type { Settled, Settlement } from "#server/runs/settle-attempt.ts";

import { writeWhole } from "./executor/write-whole.ts";
import { readSpill } from "./output-spill.ts";

/** One file holds at most so many results. */
const ENTRIES_A_FILE = 50;
/** Of a spill, one statement stores about so much. */
const SPILL_BATCH_BYTES = 512 * 1024;

/** What is still owed to the database when an attempt has ended: its result, and the output that did not get through. */
export type JournalEntry = {
  lease: Pick<Lease, "runId" | "attemptId" | "leaseToken">;
  settlement: Settlement;
  output: StoredChunk[];
  /** The file that holds more of it, which comes after `output`; null when there is no more. */
  spill: string | null;
};

/**
 * Results on local disk between a script's end and their commit. A script that has ended is not run again because the
 * database was away, or because the worker was killed in that moment: whoever finds the entry delivers it.
 */
export type Journal = {
  /** Written before the first try to commit; those that end together into one file. */
  record: (entry: JournalEntry) => Promise<void>;
  /** Also while it is still being written. The file goes with the last of its entries, and with it the output that its attempt had on disk. */
  forget: (attemptId: string) => Promise<void>;
  /** Resolves when nothing is being written or forgotten. */
  idle: () => Promise<void>;
  /** Where an attempt's output goes that the database can't take; made by who needs it, and gone once it is forgotten. */
  spillPath: (attemptId: string) => string;
  /** Entries that a predecessor left. One that was cut off while being written is no entry. */
  read: () => Promise<JournalEntry[]>;
};

type Serialized = Omit<JournalEntry, "output" | "settlement"> & {
  settlement: Omit<Settlement, "end"> & { end: Omit<Settlement["end"], "finishedAt"> & { finishedAt: string } };
  output: (Omit<StoredChunk, "bytes" | "at"> & { bytes: string; at: string })[];
};

/** Opens the journal in a directory, made if missing. */
export async function openJournal(directory: string): Promise<Journal> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await removeCutOff(directory);
  const pathOf = (attemptId: string) => join(directory, `${attemptId}.json`);
  /** The file that each entry is in, whose else is, and what goes with it. */
  const files = new Map<string, { path: string; attemptIds: Set<string>; spills: string[] }>();
  const keep = (path: string, entries: readonly Pick<JournalEntry, "lease" | "spill">[]) => {
    const attemptIds = new Set(entries.map(({ lease }) => lease.attemptId));
    const file = { path, attemptIds, spills: entries.map(({ spill }) => spill).filter((spill) => spill !== null) };
    for (const attemptId of attemptIds) files.set(attemptId, file);
  };

  const write = async (entries: JournalEntry[]): Promise<undefined[]> => {
    const [first] = entries;
    if (first === undefined) return [];
    const path = pathOf(first.lease.attemptId);
    await writeWhole(path, JSON.stringify(entries.map(serialize)), `${path}.${process.pid}.tmp`);
    keep(path, entries);
    return entries.map(() => undefined);
  };
  const writeTogether = createBatcher(write, ENTRIES_A_FILE);

  const recording = new Map<string, Promise<void>>();
  const forgetting = new Set<Promise<void>>();
  const forget = async (attemptId: string) => {
    // What could not be written was told to who recorded it.
    await recording.get(attemptId)?.catch(() => undefined);
    const file = files.get(attemptId);
    files.delete(attemptId);
    file?.attemptIds.delete(attemptId);
    if (file?.attemptIds.size !== 0) return;
    // Another worker on this host may have delivered it first.
    for (const path of [file.path, ...file.spills]) await rm(path, { force: true });
  };

  return {
    record: (entry) => {
      const { attemptId } = entry.lease;
      // Its name is what keeps the output of an attempt from being swept: that has a file of its own.
      const recorded: Promise<void> = (entry.spill === null ? writeTogether(entry) : write([entry]).then(() => undefined)).finally(() =>
        recording.delete(attemptId),
      );
      recording.set(attemptId, recorded);
      return recorded;
    },
    forget: (attemptId) => {
      const forgotten: Promise<void> = forget(attemptId).finally(() => forgetting.delete(forgotten));
      forgetting.add(forgotten);
      return forgotten;
    },
    idle: async () => {
      await Promise.allSettled([...recording.values(), ...forgetting]);
    },
    spillPath: (attemptId) => join(directory, `${attemptId}.${process.pid}.output`),
    read: async () => {
      const paths = (await readdir(directory)).filter((name) => name.endsWith(".json")).map((name) => join(directory, name));
      const entries: JournalEntry[] = [];
      for (const path of paths) {
        const found = (await readSerialized(path)).map(deserialize);
        keep(path, found);
        entries.push(...found);
      }
      return entries;
    },
  };
}

const serialize = ({ lease, settlement, output, spill }: JournalEntry): Serialized => ({
  lease: { runId: lease.runId, attemptId: lease.attemptId, leaseToken: lease.leaseToken },
  settlement: { ...settlement, end: { ...settlement.end, finishedAt: settlement.end.finishedAt.toISOString() } },
  output: output.map((chunk) => ({ ...chunk, bytes: chunk.bytes.toString("base64"), at: chunk.at.toISOString() })),
  spill,
});

const deserialize = ({ lease, settlement, output, spill }: Serialized): JournalEntry => ({
  lease,
  spill,
  settlement: { ...settlement, end: { ...settlement.end, finishedAt: new Date(settlement.end.finishedAt) } },
  output: output.map((chunk) => ({ ...chunk, bytes: Buffer.from(chunk.bytes, "base64"), at: new Date(chunk.at) })),
});

/**
 * Removes what a worker that was killed had begun to write, and output whose attempt never got as far as a result; another that shares
 * the directory may be writing now.
 */
async function removeCutOff(directory: string): Promise<void> {
  const names = await readdir(directory);
  for (const name of names) {
    const [, attemptId, pid, kind] = /^([^.]+)(?:\.json)?\.(\d+)\.(tmp|output)$/.exec(name) ?? [];
    // This process has written nothing yet: what bears its number is from one that had it before.
    const isOrphan = pid !== undefined && (Number(pid) === process.pid || !exists(Number(pid)));
    if (isOrphan && (kind === "tmp" || !names.includes(`${attemptId}.json`))) await rm(join(directory, name), { force: true });
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** One that can't be read is put aside, so that it holds up neither the others nor the worker's start. */
async function readSerialized(path: string): Promise<Serialized[]> {
  const text = await readFile(path, "utf8");
  try {
    // Once a file held one entry.
    return [JSON.parse(text) as Serialized | Serialized[]].flat();
  } catch (error) {
    await rename(path, `${path}.unreadable`);
    log.error({ err: error, path: `${path}.unreadable` }, "a file of the journal can't be read; it was put aside, and its runs start again");
    return [];
  }
}

/**
 * Commits what an entry owes; refused when the lease is another's by now, and the result is dropped.
 * @param samples of use of resources, written with a success
 * @throws when the database is away
 */
export async function deliver(
  database: Database,
  queue: Queue,
  { lease, settlement, output, spill }: JournalEntry,
  samples: UsageSample[] = [],
): Promise<Settled> {
  await appendOutput(database, lease, output);
  if (spill !== null) for await (const chunks of readSpill(spill, SPILL_BATCH_BYTES)) await appendOutput(database, lease, chunks);
  return settleAttempt(database, queue, lease.runId, settlement, samples);
}

import { mkdir, readFile, readdir, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";

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
  /** Written before the first try to commit. */
  record: (entry: JournalEntry) => Promise<void>;
  forget: (attemptId: string) => Promise<void>;
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
  const spillPath = (attemptId: string) => join(directory, `${attemptId}.${process.pid}.output`);
  return {
    record: async (entry) => {
      const serialized: Serialized = {
        lease: { runId: entry.lease.runId, attemptId: entry.lease.attemptId, leaseToken: entry.lease.leaseToken },
        settlement: { ...entry.settlement, end: { ...entry.settlement.end, finishedAt: entry.settlement.end.finishedAt.toISOString() } },
        output: entry.output.map((chunk) => ({ ...chunk, bytes: chunk.bytes.toString("base64"), at: chunk.at.toISOString() })),
        spill: entry.spill,
      };
      const path = pathOf(entry.lease.attemptId);
      await writeWhole(path, JSON.stringify(serialized), `${path}.${process.pid}.tmp`);
    },
    forget: async (attemptId) => {
      await unlink(pathOf(attemptId)).catch((error: NodeJS.ErrnoException) => {
        // Another worker on this host delivered it first.
        if (error.code !== "ENOENT") throw error;
      });
      for (const name of await readdir(directory)) if (isSpillOf(attemptId, name)) await rm(join(directory, name), { force: true });
    },
    spillPath,
    read: async () => {
      const names = (await readdir(directory)).filter((name) => name.endsWith(".json"));
      const entries: JournalEntry[] = [];
      for (const name of names) {
        const serialized = await readSerialized(join(directory, name));
        if (serialized === null) continue;
        const { lease, settlement, output, spill } = serialized;
        entries.push({
          lease,
          spill,
          settlement: { ...settlement, end: { ...settlement.end, finishedAt: new Date(settlement.end.finishedAt) } },
          output: output.map((chunk) => ({ ...chunk, bytes: Buffer.from(chunk.bytes, "base64"), at: new Date(chunk.at) })),
        });
      }
      return entries;
    },
  };
}

const isSpillOf = (attemptId: string, name: string) => name.startsWith(`${attemptId}.`) && name.endsWith(".output");

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

/** One that can't be read is put aside, so that it holds up neither the others nor the worker's start; null then. */
async function readSerialized(path: string): Promise<Serialized | null> {
  const text = await readFile(path, "utf8");
  try {
    return JSON.parse(text) as Serialized;
  } catch (error) {
    await rename(path, `${path}.unreadable`);
    log.error({ err: error, path: `${path}.unreadable` }, "a result in the journal can't be read; it was put aside, and its run starts again");
    return null;
  }
}

/** Commits what an entry owes; refused when the lease is another's by now, and the result is dropped. @throws when the database is away. */
export async function deliver(database: Database, queue: Queue, { lease, settlement, output, spill }: JournalEntry): Promise<Settled> {
  await appendOutput(database, lease, output);
  if (spill !== null) for await (const chunks of readSpill(spill, SPILL_BATCH_BYTES)) await appendOutput(database, lease, chunks);
  return settleAttempt(database, queue, lease.runId, settlement);
}

import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SYSTEM_ACTOR } from "#server/context.ts";
import type { Database } from "#server/db/client.ts";
import { openQueue } from "#server/queue/queue.ts";
import { leaseRuns } from "#server/runs/lease-runs.ts";
import type { Lease } from "#server/runs/lease-runs.ts";
import { submitRun } from "#server/runs/submit-run.ts";
import { ANYTHING, registerTestWorker } from "#server/workers/test-worker.ts";
import { createOutputSpill } from "#worker/output-spill.ts";
import { createOutputWriter } from "#worker/output-writer.ts";

import { inMs, timeInTurns } from "../in-turns.ts";
import type { Line } from "../line.ts";
import { median } from "../statistics.ts";

const MIB = 1024 ** 2;
const TOTAL_BYTES = 256 * MIB;
const CHUNK_BYTES = 64 * 1024;
const CHUNKS = TOTAL_BYTES / CHUNK_BYTES;
const ROUNDS = 3;
const LEAST = 0.85;

/** Lines as scripts print them, each with its number. */
function chunkOf(seq: number): Buffer {
  let text = "";
  for (let line = 0; text.length < CHUNK_BYTES; line += 1)
    text += `2026-01-01T00:00:00.000Z INFO batch ${seq} row ${line}: written to the ledger, checksum ${(seq * 7919 + line) * 104729}\n`;
  return Buffer.from(text.slice(0, CHUNK_BYTES - 1) + "\n");
}

/** Field lengths before fields, as PostgreSQL's binary COPY has it (documentation, COPY, "Binary Format"). */
function copyRow(seq: number, bytes: Buffer): Buffer {
  const field = (value: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value.byteLength);
    return Buffer.concat([length, value]);
  };
  const count = Buffer.from([0, 2]);
  const number = Buffer.alloc(4);
  number.writeInt32BE(seq);
  return Buffer.concat([count, field(number), field(bytes)]);
}

/** A file on the server with the same chunks; returns its path. */
function writeCopyFile(directory: string, chunks: Buffer[]): string {
  const path = join(directory, "chunks");
  const file = openSync(path, "w");
  writeSync(file, Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]));
  chunks.forEach((bytes, index) => writeSync(file, copyRow(index + 1, bytes)));
  writeSync(file, Buffer.from([0xff, 0xff]));
  closeSync(file);
  chmodSync(directory, 0o755);
  chmodSync(path, 0o644);
  return path;
}

async function writeAll(database: Database, lease: Lease, chunks: Buffer[], directory: string): Promise<void> {
  const writer = createOutputWriter(database, lease, createOutputSpill(join(directory, lease.attemptId)), Date.now);
  for (const [index, bytes] of chunks.entries()) await writer.write({ seq: index + 1, stream: "stdout", atMs: index, bytes });
  const left = await writer.finish(60_000);
  if (left.length > 0) throw new Error(`${left.length} chunks were not written.`);
}

export const outputIntoPostgresLine: Line = {
  number: 6,
  title: `${TOTAL_BYTES / MIB} MiB of output into PostgreSQL`,
  peer: "COPY of the same in rows of 64 KiB, from a file of the server's",
  measure: async (ground) => {
    const database = await ground.database("output");
    const queue = await openQueue(database, "web");
    const workerId = await registerTestWorker(database);
    const directory = mkdtempSync(join(tmpdir(), "corral-bench-copy-"));
    const chunks = Array.from({ length: CHUNKS }, (_, index) => chunkOf(index + 1));
    const path = writeCopyFile(directory, chunks);
    await database.pool.query("CREATE TABLE copied (seq int PRIMARY KEY, bytes bytea NOT NULL)");
    const times = await timeInTurns(
      {
        copy: async () => {
          await database.pool.query("TRUNCATE copied");
          const began = performance.now();
          await database.pool.query(`COPY copied FROM '${path}' WITH (FORMAT binary)`);
          return performance.now() - began;
        },
        corral: async () => {
          await submitRun({ database, queue, actor: SYSTEM_ACTOR }, { language: "bash", source: "true", name: "bench", lane: "batch" });
          const [lease] = await leaseRuns(database, queue, {
            ...ANYTHING,
            leaseToken: crypto.randomUUID(),
            lane: "batch",
            count: 1,
            workerId,
            enforced: true,
          });
          if (lease === undefined) throw new Error("Nothing was due.");
          const began = performance.now();
          await writeAll(database, lease, chunks, directory);
          const took = performance.now() - began;
          const { rows } = await database.pool.query<{ count: number }>("SELECT count(*)::int AS count FROM output_chunk WHERE attempt_id = $1", [
            lease.attemptId,
          ]);
          if (rows[0]?.count !== CHUNKS) throw new Error(`${rows[0]?.count} of ${CHUNKS} chunks are there.`);
          await database.pool.query("TRUNCATE output_chunk");
          return took;
        },
      },
      { rounds: ROUNDS, warmUp: 1 },
    );
    await queue.stop();
    rmSync(directory, { recursive: true });
    return [
      {
        what: "bytes a second",
        corral: inMs(times.corral),
        beside: inMs(times.copy),
        value: median(times.copy) / median(times.corral),
        unit: "×",
        reach: { least: LEAST },
      },
    ];
  },
};

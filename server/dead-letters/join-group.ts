import type { Transaction } from "../db/client.ts";
import type { Attempt, Run } from "../db/generated/client.ts";
import { unpack } from "../runs/packed-bytes.ts";
import type { PackedBytes } from "../runs/packed-bytes.ts";
import { errorLineOf, fingerprintOf, normalise, TAIL_BYTES } from "./fingerprint.ts";
import type { GroupKey } from "./fingerprint.ts";

/** Chunks read of the end of an output: scripts that write slowly write small ones. */
const TAIL_CHUNKS = 32;

type Ended = Pick<Attempt, "outcome" | "exitCode" | "signal"> & { outcome: GroupKey["outcome"] };

/**
 * Finds the group of a run that becomes a dead letter, or founds it; one that was resolved is open again. Returns its fingerprint.
 */
export async function joinGroup(tx: Transaction, run: Pick<Run, "name">, attemptId: string, { outcome, exitCode, signal }: Ended): Promise<string> {
  const key: GroupKey = { outcome, exitCode, signal, script: normalise(run.name), line: errorLineOf(await readTail(tx, attemptId), outcome) };
  const fingerprint = fingerprintOf(key);
  // Two statements that write nothing in the usual case: a thousand that die alike must not wait for one row.
  await tx.deadLetterGroup.createMany({ data: [{ fingerprint, ...key }], skipDuplicates: true });
  await tx.deadLetterGroup.updateMany({ where: { fingerprint, state: "resolved" }, data: { state: "open", reopenedAt: new Date() } });
  return fingerprint;
}

/** The end of what an attempt wrote to stderr, or to stdout when it wrote nothing there. */
async function readTail(tx: Transaction, attemptId: string): Promise<string> {
  for (const stream of ["stderr", "stdout"] as const) {
    const chunks = await tx.$queryRaw<PackedBytes[]>`
      SELECT CASE WHEN unpacked_size IS NULL THEN substring(bytes FROM greatest(1, octet_length(bytes) - ${TAIL_BYTES - 1})) ELSE bytes END AS bytes,
        unpacked_size AS "unpackedSize"
      FROM output_chunk
      WHERE attempt_id = ${attemptId}::uuid AND stream = ${stream}::output_stream AND dropped_bytes IS NULL
      ORDER BY seq DESC LIMIT ${TAIL_CHUNKS}`;
    if (chunks.length > 0) {
      return endOf(chunks).toString("utf8");
    }
  }
  return "";
}

/** Chunks are unpacked from the newest on, as far as they are needed. */
function endOf(newestFirst: PackedBytes[]): Buffer {
  let end = Buffer.alloc(0);
  for (const chunk of newestFirst) {
    end = Buffer.concat([unpack(chunk), end]);
    if (end.byteLength >= TAIL_BYTES) break;
  }
  return end.subarray(-TAIL_BYTES);
}

import type { Lane } from "../contracts/statuses.ts";
import type { SqlRunner } from "../db/sql-transaction.ts";
import { capabilitiesSchema } from "./capabilities.ts";
import type { Resources } from "./room.ts";

/** A worker that takes runs, as far as it matters to a run that waits for it. */
export type FleetWorker = {
  languages: string[];
  tags: string[];
  taggedOnly: boolean;
  secretKeys?: string[];
  slots: Record<Lane, number>;
  busy: Record<Lane, number>;
  /** What its attempts together may have; null when it does not say. */
  capacity: Resources | null;
  /** The limits of those that run now, added up. */
  held: Record<Lane, Resources>;
};

/** Every worker that takes runs now, and the lanes that give none out. */
export type Fleet = { workers: readonly FleetWorker[]; paused: readonly Lane[] };

type Row = {
  capabilities: unknown;
  batchSlots: number;
  interactiveSlots: number;
  batchBusy: number;
  interactiveBusy: number;
  batchMemory: string;
  batchCpu: number;
  interactiveMemory: string;
  interactiveCpu: number;
};

const FLEET = `
    SELECT worker.capabilities, worker.batch_slots AS "batchSlots", worker.interactive_slots AS "interactiveSlots",
      count(*) FILTER (WHERE run.lane = 'batch')::int AS "batchBusy",
      count(*) FILTER (WHERE run.lane = 'interactive')::int AS "interactiveBusy",
      coalesce(sum((attempt.limits->>'memoryBytes')::bigint) FILTER (WHERE run.lane = 'batch'), 0)::bigint AS "batchMemory",
      coalesce(sum((attempt.limits->>'cpuMillis')::int) FILTER (WHERE run.lane = 'batch'), 0)::int AS "batchCpu",
      coalesce(sum((attempt.limits->>'memoryBytes')::bigint) FILTER (WHERE run.lane = 'interactive'), 0)::bigint AS "interactiveMemory",
      coalesce(sum((attempt.limits->>'cpuMillis')::int) FILTER (WHERE run.lane = 'interactive'), 0)::int AS "interactiveCpu"
    FROM worker
    LEFT JOIN attempt ON attempt.worker_id = worker.id AND attempt.status = 'running'
    LEFT JOIN run ON run.id = attempt.run_id
    WHERE worker.status = 'active'
    GROUP BY worker.id`;

/** Reads who takes runs, and how much room they have: over live workers and what they run now. */
export async function readFleet({ rows: read }: SqlRunner): Promise<Fleet> {
  const [rows, pauses] = await Promise.all([read<Row>(FLEET), read<{ lane: Lane }>("SELECT lane FROM lane_pause")]);
  const workers = rows.map((row) => {
    const { runtimes, capacity, tags, taggedOnly, secretKeys } = capabilitiesSchema.parse(row.capabilities);
    return {
      languages: runtimes.map(({ id }) => id),
      tags,
      taggedOnly,
      secretKeys,
      slots: { batch: row.batchSlots, interactive: row.interactiveSlots },
      busy: { batch: row.batchBusy, interactive: row.interactiveBusy },
      capacity,
      held: {
        batch: { memoryBytes: Number(row.batchMemory), cpuMillis: row.batchCpu },
        interactive: { memoryBytes: Number(row.interactiveMemory), cpuMillis: row.interactiveCpu },
      },
    };
  });
  return { workers, paused: pauses.map(({ lane }) => lane) };
}

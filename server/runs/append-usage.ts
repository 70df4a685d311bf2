import type { UsageSample } from "../contracts/runs.ts";
import type { Database } from "../db/client.ts";
import { noticeOf } from "../live/notices.ts";

/**
 * Stores samples of an attempt's use of resources and tells who watches; the same sample twice changes nothing. They are a picture, not
 * evidence: their commit does not wait for the disk, which every run's last sample would else make its own end wait for (commits that
 * send a notice come one after another). A database that breaks down may lose the last of them, and nothing else.
 */
export async function appendUsage({ rows }: Database, { runId, attemptId }: { runId: string; attemptId: string }, samples: UsageSample[]): Promise<void> {
  if (samples.length === 0) return;
  await rows(
    `WITH unhurried AS (
       SELECT set_config('synchronous_commit', 'off', true)
     ), stored AS (
       INSERT INTO usage_sample (attempt_id, at_ms, memory_bytes, cpu_ms, throttled_ms, pids)
       SELECT $1, sample.* FROM unhurried, unnest($2::int[], $3::bigint[], $4::int[], $5::int[], $6::int[]) AS sample
       ON CONFLICT DO NOTHING
       RETURNING at_ms
     )
     SELECT pg_notify($7, $8) FROM stored LIMIT 1`,
    [attemptId, ...usageColumns(samples), ...noticeOf({ kind: "usage", runId })],
  );
}

/** Samples as usage_sample's columns from at_ms on: int, bigint, int, int, int. */
export function usageColumns(samples: readonly UsageSample[]): number[][] {
  const whole = (of: (sample: UsageSample) => number) => samples.map((sample) => Math.round(of(sample)));
  return [
    whole(({ atMs }) => atMs),
    whole(({ memoryBytes }) => memoryBytes),
    whole(({ cpuMs }) => cpuMs),
    whole(({ throttledMs }) => throttledMs),
    whole(({ pids }) => pids),
  ];
}

/** Leaves one sample a stretch of `everyMs` past `afterMs`: the one with the most memory, since peaks are what a limit is about. */
export async function thinUsage({ client }: Database, attemptId: string, { afterMs, everyMs }: { afterMs: number; everyMs: number }): Promise<void> {
  await client.$executeRaw`
    DELETE FROM usage_sample sample USING usage_sample kept
    WHERE sample.attempt_id = ${attemptId}::uuid AND kept.attempt_id = sample.attempt_id
      AND sample.at_ms >= ${afterMs} AND kept.at_ms >= ${afterMs}
      AND sample.at_ms / ${everyMs}::int = kept.at_ms / ${everyMs}::int
      AND (sample.memory_bytes, sample.at_ms) < (kept.memory_bytes, kept.at_ms)`;
}

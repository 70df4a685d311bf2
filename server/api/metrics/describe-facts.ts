import type { Worker } from "../../contracts/workers.ts";
import { ENDED_STATUSES, LANES, OPEN_STATUSES, OUTCOMES, WORKER_STATUSES } from "../../contracts/statuses.ts";
import type { Lane } from "../../contracts/statuses.ts";
import { START_BUCKETS_S } from "../../tally/read-tally.ts";
import type { TallyTotals } from "../../tally/read-tally.ts";

/** What the database knows, read together. */
export type Facts = {
  tally: TallyTotals;
  /** For each lane how long the first that is due has waited, milliseconds; null when none is. */
  oldestMs: Record<Lane, number | null>;
  paused: Record<Lane, boolean>;
  workers: Worker[];
};

type Value = { labels: Record<string, string>; value: number; metricName?: string };

/** A metric as prom-client's registries exchange it. */
export type Metric = { name: string; help: string; type: "counter" | "gauge" | "histogram"; aggregator: "sum"; values: Value[] };

const metric = (type: Metric["type"], name: string, help: string, values: Value[]): Metric => ({ name, help, type, aggregator: "sum", values });
const perLane = (value: (lane: Lane) => number): Value[] => LANES.map((lane) => ({ labels: { lane }, value: value(lane) }));

/** The facts as metrics. Every process of one database tells the same of them. */
export function describeFacts({ tally, oldestMs, paused, workers }: Facts): Metric[] {
  const standing = (statuses: readonly (keyof TallyTotals["removed"])[]) =>
    LANES.flatMap((lane) => statuses.map((status) => ({ labels: { lane, status }, value: tally.standing[lane][status] })));
  const live = workers.filter(({ status }) => status === "active" || status === "draining");
  const perWorker = (value: (worker: Worker) => number): Value[] => live.map((worker) => ({ labels: labelsOf(worker), value: value(worker) }));
  const perSlot = (value: (worker: Worker, lane: Lane) => number): Value[] =>
    live.flatMap((worker) => LANES.map((lane) => ({ labels: { ...labelsOf(worker), lane }, value: value(worker, lane) })));
  return [
    metric(
      "counter",
      "corral_runs_submitted_total",
      "Runs accepted; always corral_runs_open plus corral_runs_ended",
      perLane((lane) => tally.submitted[lane]),
    ),
    metric("gauge", "corral_runs_open", "Runs that have not ended, by where they stand", standing(OPEN_STATUSES)),
    metric("gauge", "corral_runs_ended", "Runs that stand ended, those included that retention has removed since", standing(ENDED_STATUSES)),
    metric(
      "counter",
      "corral_runs_requeued_total",
      "Ended runs that were queued again",
      perLane((lane) => tally.requeued[lane]),
    ),
    metric(
      "counter",
      "corral_runs_removed_total",
      "Runs that retention removed, by how they had ended",
      ENDED_STATUSES.map((status) => ({ labels: { status }, value: tally.removed[status] })),
    ),
    metric("counter", "corral_attempts_started_total", "Attempts begun; those finished and those running", [{ labels: {}, value: tally.attempts.started }]),
    metric(
      "counter",
      "corral_attempts_finished_total",
      "Attempts ended, by outcome",
      OUTCOMES.map((outcome) => ({ labels: { outcome }, value: tally.attempts.finished[outcome] })),
    ),
    metric(
      "gauge",
      "corral_attempts_running",
      "Attempts that run now",
      perLane((lane) => workers.reduce((sum, worker) => sum + worker.busy[lane], 0)),
    ),
    metric(
      "histogram",
      "corral_run_start_seconds",
      "From a run's submit to its first attempt, by the clocks of their hosts",
      LANES.flatMap((lane) => waitsOf(lane, tally)),
    ),
    metric(
      "gauge",
      "corral_queue_oldest_seconds",
      "How long the first run that is due has waited; 0 when none is",
      perLane((lane) => (oldestMs[lane] ?? 0) / 1000),
    ),
    metric(
      "gauge",
      "corral_lane_paused",
      "1: the lane gives out nothing",
      perLane((lane) => Number(paused[lane])),
    ),
    metric(
      "gauge",
      "corral_workers",
      "Workers, those that ended within a day included",
      WORKER_STATUSES.map((status) => ({ labels: { status }, value: workers.filter((worker) => worker.status === status).length })),
    ),
    metric(
      "gauge",
      "corral_worker_heartbeat_age_seconds",
      "Since a live worker was last heard; at 10 it is lost",
      perWorker((worker) => worker.heartbeatAgeMs / 1000),
    ),
    metric(
      "gauge",
      "corral_worker_resident_bytes",
      "Memory of the worker's own process",
      perWorker((worker) => worker.rssBytes),
    ),
    metric(
      "gauge",
      "corral_worker_enforced",
      "1: its scripts are held to their limits by the kernel",
      perWorker((worker) => Number(worker.enforced)),
    ),
    metric(
      "gauge",
      "corral_slots",
      "Runs that a live worker executes at once",
      perSlot((worker, lane) => worker.slots[lane]),
    ),
    metric(
      "gauge",
      "corral_slots_used",
      "Those that it executes now",
      perSlot((worker, lane) => worker.busy[lane]),
    ),
  ];
}

const labelsOf = ({ id, host }: Worker) => ({ worker: id, host });

function waitsOf(lane: Lane, { waits }: TallyTotals): Value[] {
  const { counts, sumMs } = waits[lane];
  let below = 0;
  const buckets = [...START_BUCKETS_S.map(String), "+Inf"].map((le, index) => {
    below += counts[index] ?? 0;
    return { metricName: "corral_run_start_seconds_bucket", labels: { lane, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: "corral_run_start_seconds_sum", labels: { lane }, value: sumMs / 1000 },
    { metricName: "corral_run_start_seconds_count", labels: { lane }, value: below },
  ];
}

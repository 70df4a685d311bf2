import type { Tone } from "#app/_components/ui/tone.ts";
import type { Worker } from "#server/contracts/workers.ts";
import type { WorkerStatus } from "#server/contracts/statuses.ts";

/** Each status in a word, and what it means. */
export const WORKER_LOOKS: Record<WorkerStatus, { label: string; tone: Tone; sentence: string }> = {
  active: { label: "Active", tone: "success", sentence: "It takes runs." },
  draining: { label: "Draining", tone: "warning", sentence: "It finishes what it runs and takes nothing new." },
  stopped: { label: "Stopped", tone: "neutral", sentence: "It was stopped in good order." },
  lost: { label: "Lost", tone: "danger", sentence: "Its heartbeat ended: it died, or could not reach the database." },
};

/** Heartbeats come every few seconds: one this old is worth a look. */
const LATE_HEARTBEAT_MS = 10_000;

/** Whether a worker can be counted on to take runs. */
export const isLive = (worker: Pick<Worker, "status">) => worker.status === "active" || worker.status === "draining";

/** Whether a live worker's last heartbeat is older than it should be. */
export const isLate = (worker: Pick<Worker, "status">, ageMs: number) => isLive(worker) && ageMs > LATE_HEARTBEAT_MS;

/** What the live workers can do together. */
export function capacityOf(workers: readonly Pick<Worker, "status" | "slots" | "busy">[]) {
  const live = workers.filter(isLive);
  const sum = (of: (worker: (typeof live)[number]) => number) => live.reduce((total, worker) => total + of(worker), 0);
  return {
    workers: live.length,
    batch: { busy: sum((worker) => worker.busy.batch), slots: sum((worker) => worker.slots.batch) },
    interactive: { busy: sum((worker) => worker.busy.interactive), slots: sum((worker) => worker.slots.interactive) },
  };
}

const DRIVERS: Record<string, string> = { "cgroup-v1": "cgroup v1", "cgroup-v2": "cgroup v2", none: "none" };

/** The cgroup driver's name for a person. */
export const driverText = (driver: string) => DRIVERS[driver] ?? driver;

const ISOLATIONS: Record<NonNullable<Worker["isolation"]>, string> = { "user-namespaces": "User namespaces", root: "Root, without user namespaces" };
const NETWORKS: Record<NonNullable<Worker["network"]>, string> = { isolated: "Of a run’s own", host: "The host’s own" };

/** How it keeps scripts apart from its host. */
export const isolationText = (worker: Pick<Worker, "isolation">) => (worker.isolation === null ? "not said" : ISOLATIONS[worker.isolation]);

/** What a run that asks for network gets there. */
export const networkText = (worker: Pick<Worker, "network">) => (worker.network === null ? "not said" : NETWORKS[worker.network]);

import { limitsSchema } from "../contracts/policy.ts";
import { formatBytes } from "../contracts/units.ts";
import { demandedTags, takesTags } from "../contracts/worker-tags.ts";
import type { Run as RunRow } from "../db/generated/client.ts";
import type { Database } from "../db/client.ts";
import { readFleet } from "../workers/read-fleet.ts";
import type { Fleet } from "../workers/read-fleet.ts";
import { howManyFit } from "../workers/room.ts";

type WaitingRun = Pick<RunRow, "status" | "lane" | "language" | "limits" | "tags" | "nextAttemptAt"> & Partial<Pick<RunRow, "secretKey">>;

const isWaiting = ({ status }: Pick<RunRow, "status">) => status === "queued" || status === "retrying";

/** The fleet, when one of these runs waits for it; null when nobody does, and nothing is read. */
export async function fleetFor(database: Database, runs: readonly Pick<RunRow, "status">[]): Promise<Fleet | null> {
  return runs.some(isWaiting) ? readFleet(database) : null;
}

/**
 * Why a run that could run is not running, in one sentence; null when it is not waiting. The first that holds: its time has not
 * come; its lane is paused; nobody is there, has its tags, offers its language, or is large enough; every slot is taken; memory is, or what its lane may have. Pure.
 * @param fleet null: not known
 */
export function waitingReason(run: WaitingRun, fleet: Fleet | null, now: Date): string | null {
  if (!isWaiting(run)) return null;
  if (run.nextAttemptAt !== null && run.nextAttemptAt > now) return "Waits for its next attempt.";
  if (fleet === null) return "Waits for a worker.";
  const { language, lane } = run;
  const { workers } = fleet;
  if (fleet.paused.includes(lane)) return `The ${lane} lane is paused; it gives out runs again when somebody resumes it.`;
  if (workers.length === 0) return "No worker takes runs. Start one, or look at Workers.";
  const need = limitsSchema.parse(run.limits);
  const { memoryBytes } = need;
  const demanded = demandedTags(run.tags);
  const tagged = workers.filter((worker) => takesTags(worker, demanded));
  if (tagged.length === 0) {
    return demanded.length === 0
      ? "Every worker takes only runs that ask for its tags; this one asks for none."
      : `No worker has the ${demanded.length === 1 ? "tag" : "tags"} ${demanded.join(" and ")}. Start one with CORRAL_WORKER_TAGS=${demanded.join(",")}.`;
  }
  const { secretKey = null } = run;
  const trusted = secretKey === null ? tagged : tagged.filter((worker) => worker.secretKeys?.includes(secretKey) === true);
  if (trusted.length === 0) return `No worker has the key ${secretKey} of its secrets. Start one with the CORRAL_SECRETS_KEY of where it was submitted.`;
  const speaking = trusted.filter((worker) => worker.languages.includes(language));
  if (speaking.length === 0) {
    const offered = [...new Set(trusted.flatMap((worker) => worker.languages))].toSorted().join(", ");
    return `No worker offers ${language}; they offer ${offered}. Install its interpreter on a worker's host and restart that worker.`;
  }
  const large = speaking.filter((worker) => worker.capacity === null || worker.capacity.memoryBytes >= memoryBytes);
  if (large.length === 0) {
    const most = Math.max(...speaking.map((worker) => worker.capacity?.memoryBytes ?? 0));
    return `Its memory limit of ${formatBytes(memoryBytes)} is more than any worker has for runs; the largest has ${formatBytes(most)}.`;
  }
  const withSlot = large.filter((worker) => worker.busy[lane] < worker.slots[lane]);
  if (withSlot.length === 0) {
    const slots = large.reduce((sum, worker) => sum + worker.slots[lane], 0);
    return `Waits for a free slot: ${slots === 1 ? `the one ${lane} slot is` : `all ${slots} ${lane} slots are`} taken.`;
  }
  // As a worker decides it: who waits for something else is told so.
  if (withSlot.some(({ capacity, held }) => capacity === null || howManyFit(lane, [need], held, capacity) === 1)) return "Is next: waits for its turn.";
  const free = Math.max(...withSlot.map(({ capacity, held }) => (capacity?.memoryBytes ?? 0) - held.batch.memoryBytes - held.interactive.memoryBytes));
  if (free < memoryBytes)
    return `Waits for ${formatBytes(memoryBytes)} of memory: runs hold the rest, and ${formatBytes(Math.max(0, free))} of a worker's is free.`;
  return `Waits for room: the memory and CPU limits of what runs add up to all that a worker gives ${lane} runs.`;
}

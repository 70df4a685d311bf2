import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";

import packageJson from "../package.json" with { type: "json" };
import { config } from "#server/config.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import { LANES } from "#server/contracts/statuses.ts";
import { workBulkOperation } from "#server/bulk-operations/work-bulk-operation.ts";
import { database as openedDatabase } from "#server/db/client.ts";
import { subscribe } from "#server/live/notices.ts";
import { log } from "#server/log.ts";
import { openQueue } from "#server/queue/queue.ts";
import { leaseRuns } from "#server/runs/lease-runs.ts";
import { listCancelRequested } from "#server/runs/list-cancel-requested.ts";
import { secretKeys } from "#server/secrets/key-ring.ts";
import { readSettings } from "#server/settings/read-settings.ts";
import { mayTakeRuns } from "#server/workers/drain-worker.ts";
import { noteWorkerStatus, registerWorker } from "#server/workers/register-worker.ts";

import { createActiveAttempts } from "./active-attempts.ts";
import { createAdmission } from "./admission.ts";
import { capacityOf } from "./capacity.ts";
import { startDispatcher } from "./dispatcher.ts";
import { inWords } from "./doctor/check.ts";
import { checkHost } from "./doctor/host-checks.ts";
import { refuseHost } from "./doctor/refuse-host.ts";
import { startDoubtfulLeases } from "./doubtful-leases.ts";
import { startDatabaseWatch } from "./database-watch.ts";
import { monotonicMs } from "./executor/dead-man.ts";
import { createExecutor } from "./executor/executor.ts";
import { hostSize } from "./executor/host-size.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { openJournal } from "./journal.ts";
import { readPlace } from "./place.ts";
import { recoverHost, startReconciler } from "./reconcile.ts";
import { startRetention } from "./retention.ts";
import { startTallyFolding } from "./tally.ts";
import { handleLease } from "./run-handler.ts";
import { resolveSlots } from "./slots.ts";
import { createTaker } from "./take-leases.ts";

/** Short runs may end by themselves so long when the worker is stopped, milliseconds; the rest runs again elsewhere. */
const DRAIN_MS = 5_000;
/** Checks whose remarks the executor makes too, after it has tried. */
const TOLD_BY_EXECUTOR = new Set(["cgroup", "network", "user-namespaces"]);
const BOOT_RETRY_MS = 1_000;

export type RunningWorker = {
  id: string;
  /** Takes nothing more, lets short runs end, hands the rest back uncharged, and says good-bye. */
  stop: () => Promise<void>;
  /** While stopping: hands everything back at once. */
  hasten: () => void;
};

/**
 * Starts a worker in this process and resolves when it takes runs. Waits for a database that is away.
 * @throws with one sentence when this host can't hold scripts to their limits.
 */
export async function startWorker({ onFatal }: { onFatal: (reason: string) => void }): Promise<RunningWorker> {
  const { dataDir, slots: askedSlots, allowUnenforced, capacity: askedCapacity, workerTags } = config();
  const id = randomUUID();
  const slots = resolveSlots(askedSlots);
  const database = openedDatabase();
  // Beside the host's checks: neither needs the other, and runs of a worker that was killed wait for both.
  const opening = Promise.all([untilReachable(() => openQueue(database, "worker")), untilReachable(() => readSettings(database))]);
  const hostChecks = await checkHost({ dataDir, allowUnenforced });
  refuseHost(hostChecks);
  const active = createActiveAttempts();
  const capacity = capacityOf(hostSize(), askedCapacity);
  const executor = await createExecutor({
    directory: join(dataDir, "executor"),
    instance: `w-${id.slice(0, 8)}`,
    allowUnenforced,
    maxConcurrent: slots.batch + slots.interactive,
    memoryBytes: capacity.memoryBytes,
    onDeadline: () => {
      log.error("this process stood still for too long; its attempts were ended before others take them over");
      active.abortAll("fenced");
    },
  });
  const { capabilities } = executor;
  const remarks = [...capabilities.warnings, ...hostChecks.filter(({ id, status }) => status === "warning" && !TOLD_BY_EXECUTOR.has(id)).map(inWords)];
  const keys = secretKeys().map((key) => key.id);
  if (keys.length === 0)
    remarks.push("It has no key for secret environment values and leaves runs with such to others. Set CORRAL_SECRETS_KEY, as on the other hosts.");
  for (const remark of remarks) log.warn(remark);
  const journal = await openJournal(join(dataDir, "journal"));
  const place = await readPlace();

  const [queue, read] = await opening;
  let settings: SettingsValues = read.values;
  await untilReachable(() => recoverHost({ database, queue, executor, journal }, place));
  const registeredAt = monotonicMs();
  await registerWorker(database, {
    id,
    host: hostname(),
    pid: process.pid,
    version: packageJson.version,
    slots,
    capabilities: {
      runtimes: capabilities.runtimes.map(({ id: runtime, title, version }) => ({ id: runtime, title, version })),
      driver: capabilities.driver,
      enforced: capabilities.enforced,
      isolation: capabilities.isolation,
      network: capabilities.network,
      capacity,
      ...workerTags,
      secretKeys: keys,
      warnings: remarks,
      place,
    },
    hostMemoryBytes: capabilities.host.memoryBytes,
    hostCpuMillis: capabilities.host.cpuMillis,
  });

  const admission = createAdmission(capacity);
  const doubtful = startDoubtfulLeases(database, queue);
  const takeLeases = createTaker({
    admission,
    languages: capabilities.runtimes.map((runtime) => runtime.id),
    memoryBytes: capacity.memoryBytes,
    ...workerTags,
    secretKeys: keys,
    lease: (taking) => doubtful.take((leaseToken) => leaseRuns(database, queue, { ...taking, leaseToken, workerId: id, enforced: capabilities.enforced })),
  });
  const dispatchers = new Map(
    LANES.map((lane) => [
      lane,
      startDispatcher({
        lane,
        slots: slots[lane],
        lease: takeLeases,
        isDue: async (due) => (await queue.readDue(database, due, 1)).count > 0,
        handle: (lease, onScriptEnd) => handleLease({ database, queue, executor, journal, active, settings: () => settings }, lease, onScriptEnd),
        onEnded: ({ limits }) => {
          admission.release(lane, limits);
          // What waits in the other lane may have waited for this room.
          for (const dispatcher of dispatchers.values()) dispatcher.wake();
        },
      }),
    ]),
  );
  queue.onWake((lane) => dispatchers.get(lane)?.wake());

  const followStatus = async () => {
    const mayTake = await mayTakeRuns({ database }, id);
    for (const dispatcher of dispatchers.values()) dispatcher.accept(mayTake ?? false);
  };
  const catchUp = async () => {
    try {
      for (const runId of await listCancelRequested(database, active.runIds())) active.cancel(runId);
      settings = (await readSettings(database)).values;
      await followStatus();
    } catch (error) {
      log.debug({ err: error }, "could not catch up after a gap; the next one tries again");
    }
  };
  const notices = await subscribe(
    database,
    (notice) => {
      if (notice.kind === "cancel") for (const runId of notice.ids) active.cancel(runId);
      if (notice.kind === "settings" || notice.kind === "worker") void catchUp();
    },
    () => void catchUp(),
  );

  const heartbeat = startHeartbeat({
    database,
    workerId: id,
    since: registeredAt,
    onBeat: executor.endAt,
    onFence: () => {
      log.error({ attempts: active.count() }, "the database is out of reach; ending all attempts before others take them over");
      active.abortAll("fenced");
    },
    onLost: () => {
      for (const dispatcher of dispatchers.values()) dispatcher.accept(false);
      active.abortAll("fenced");
      void executor
        .close()
        .finally(() => onFatal("This worker was taken for lost: it could not reach the database in time. It has ended its attempts; start it again."));
    },
  });
  const reconciler = startReconciler(database, queue);
  const retention = startRetention(database, () => settings);
  const tally = startTallyFolding(database);
  const watch = startDatabaseWatch(database);
  await queue.workBulkOperations((operationId) => workBulkOperation(database, queue, operationId));
  log.info({ workerId: id, slots, driver: capabilities.driver, runtimes: capabilities.runtimes.map((runtime) => runtime.id) }, "the worker takes runs");

  return {
    id,
    hasten: () => active.abortAll("shutdown"),
    stop: async () => {
      log.info({ running: active.count() }, "the worker stops");
      await noteWorkerStatus(database, id, "draining").catch((error: unknown) => log.debug({ err: error }, "could not say that the worker drains"));
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.stop()));
      const patience = setTimeout(() => active.abortAll("shutdown"), DRAIN_MS);
      await active.idle();
      clearTimeout(patience);
      await journal.idle();
      await doubtful.stop();
      reconciler.stop();
      retention.stop();
      tally.stop();
      watch.stop();
      await queue.stop();
      await notices.close();
      await executor.close();
      heartbeat.stop();
      await noteWorkerStatus(database, id, "stopped").catch((error: unknown) => log.debug({ err: error }, "could not say that the worker stopped"));
      await database.close();
    },
  };
}

/** Repeats what fails because the database is away, until it is back. */
async function untilReachable<T>(attempt: () => Promise<T>): Promise<T> {
  for (let told = false; ; told = true) {
    try {
      return await attempt();
    } catch (error) {
      if (!told) log.warn({ err: error }, "the database can't be reached yet; waiting for it");
      await new Promise((resolve) => setTimeout(resolve, BOOT_RETRY_MS));
    }
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "../prisma/migrate.ts";
import { ensureDatabase, startCluster } from "../scripts/postgres/cluster.ts";
import { openDatabase } from "#server/db/client.ts";
import type { Database } from "#server/db/client.ts";
import { createExecutor } from "#worker/executor/executor.ts";
import type { Executor } from "#worker/executor/types.ts";
import { resolveSlots } from "#worker/slots.ts";

import { startCorral } from "./start-corral.ts";
import type { Corral } from "./start-corral.ts";

/** What lines are measured on; each part is made when it is first asked for, and PostgreSQL writes to disk as it does in service. */
export type Ground = {
  executor: () => Promise<Executor>;
  /** A whole Corral, as `npm start` makes it. */
  corral: () => Promise<Corral>;
  /** Another, that has done nothing yet. */
  freshCorral: () => Promise<Corral>;
  /** Another Corral, on a migrated database that `database` gave, which is its alone from then on. */
  corralOn: (name: string) => Promise<Corral>;
  /** A migrated database of its own on a PostgreSQL that nothing else uses. */
  database: (name: string) => Promise<Database>;
  /** The connection string of an empty one there. */
  emptyDatabase: (name: string) => Promise<string>;
  close: () => Promise<void>;
};

/** As many batch slots as a worker of this machine has. */
export const { batch: BATCH_SLOTS } = resolveSlots({ batch: null, interactive: null });

/** Makes an empty one. */
export function createGround(): Ground {
  const directory = mkdtempSync(join(tmpdir(), "corral-bench-"));
  const closers: (() => Promise<unknown>)[] = [];
  const once = <T>(make: () => Promise<T>) => {
    let made: Promise<T> | null = null;
    return () => (made ??= make());
  };
  const cluster = once(async () => {
    const started = await startCluster({ directory: join(directory, "postgres"), settings: ["shared_buffers=512MB", "max_wal_size=4GB"] });
    closers.push(started.stop);
    return started;
  });
  const corralIn = async (name: string, environment: Record<string, string>) => {
    const started = await startCorral(join(directory, name), environment);
    closers.push(started.stop);
    return started;
  };
  return {
    executor: once(async () => {
      const made = await createExecutor({
        directory: join(directory, "executor"),
        instance: `bench-${process.pid}`,
        allowUnenforced: false,
        maxConcurrent: BATCH_SLOTS,
      });
      closers.push(made.close);
      return made;
    }),
    corral: once(() => corralIn("corral", {})),
    freshCorral: () => corralIn("fresh", {}),
    corralOn: async (name) => corralIn(name, { DATABASE_URL: (await cluster()).urlOf(name) }),
    emptyDatabase: async (name) => {
      const started = await cluster();
      await ensureDatabase(started, name);
      return started.urlOf(name);
    },
    database: async (name) => {
      const started = await cluster();
      await ensureDatabase(started, name);
      const { urlOf } = started;
      await migrate(urlOf(name));
      const opened = openDatabase(urlOf(name));
      closers.push(opened.close);
      return opened;
    },
    close: async () => {
      for (const close of closers.toReversed()) await close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

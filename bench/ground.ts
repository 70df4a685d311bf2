import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "../prisma/migrate.ts";
import { startInstance } from "../e2e/support/instance.ts";
import { webProcessesAt, workerProcessesOf } from "../e2e/support/processes.ts";
import { ensureDatabase, startCluster } from "../scripts/postgres/cluster.ts";
import { openDatabase } from "#server/db/client.ts";
import type { Database } from "#server/db/client.ts";
import { createExecutor } from "#worker/executor/executor.ts";
import type { Executor } from "#worker/executor/types.ts";

/** What lines are measured on; each part is made when it is first asked for, and PostgreSQL writes to disk as it does in service. */
export type Ground = {
  executor: () => Promise<Executor>;
  /** A whole Corral, as `npm start` makes it. */
  corral: () => Promise<Corral>;
  /** A migrated database of its own on a PostgreSQL that nothing else uses. */
  database: (name: string) => Promise<Database>;
  close: () => Promise<void>;
};

/** How it is called, and the processes that serve; an answer that is not a success is an error. */
export type Corral = {
  get: (path: string) => Promise<Response>;
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  webPids: () => number[];
  workerPids: () => number[];
};

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
  return {
    executor: once(async () => {
      const made = await createExecutor({ directory: join(directory, "executor"), instance: `bench-${process.pid}`, allowUnenforced: false, maxConcurrent: 4 });
      closers.push(made.close);
      return made;
    }),
    corral: once(async () => {
      const token = `bench-${randomBytes(24).toString("hex")}`;
      const dataDir = join(directory, "data");
      const { url, stop } = await startInstance({ dataDir, token });
      closers.push(stop);
      const authorization = `Bearer ${token}`;
      const answered = async (response: Response) => {
        if (!response.ok) throw new Error(`${response.status} from ${response.url}: ${await response.text()}`);
        return response;
      };
      return {
        webPids: () => webProcessesAt(new URL(url).port),
        workerPids: () => workerProcessesOf(dataDir),
        get: async (path) => answered(await fetch(`${url}/api/v1${path}`, { headers: { authorization } })),
        post: async (path, body, headers = {}) =>
          answered(
            await fetch(`${url}/api/v1${path}`, {
              method: "POST",
              headers: { authorization, "content-type": "application/json", ...headers },
              body: JSON.stringify(body),
            }),
          ),
      };
    }),
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

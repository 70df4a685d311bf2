import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "pg";

import { startCluster } from "../../scripts/postgres/cluster.ts";
import type { Cluster } from "../../scripts/postgres/cluster.ts";

/** The rig's PostgreSQL, on a file system of its own, and a way to it that no fault touches. */
export type Store = {
  cluster: () => Cluster;
  /** The rig's own question. Waits for a database that was stopped and comes back. */
  query: <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;
  stop: () => Promise<void>;
  /** As when its machine loses power: no checkpoint, no good-bye. */
  crash: () => Promise<void>;
  /** Starts it where it was, if it is not running. */
  start: () => Promise<void>;
  /** Leaves no byte free. */
  fillDisk: () => void;
  freeDisk: () => void;
};

export const DATABASE = "chaos";

/** Starts it in a directory whose file system may be filled. */
export async function startStore(directory: string): Promise<Store> {
  const settings = ["max_connections=120", "shared_buffers=64MB", "min_wal_size=32MB", "max_wal_size=64MB", "superuser_reserved_connections=5"];
  const ballast = join(directory, "ballast");
  const launch = (socket?: string) => startCluster({ directory: join(directory, "pg"), settings, ...(socket === undefined ? {} : { socket }) });
  let cluster = await launch();
  let running = true;
  const watch = (watched: Cluster) => {
    void watched.ended.then(() => {
      if (watched === cluster) running = false;
    });
  };
  watch(cluster);
  const { socket } = cluster;
  let client: Client | null = null;

  const connected = async () => {
    if (client !== null) return client;
    const next = new Client({ connectionString: cluster.urlOf(DATABASE), application_name: "chaos" });
    next.on("error", () => {
      if (client === next) client = null;
    });
    await next.connect();
    client = next;
    return next;
  };
  const start = async () => {
    if (running) return;
    cluster = await launch(socket);
    running = true;
    watch(cluster);
  };
  const endBy = async (act: () => Promise<void> | void) => {
    client?.end().catch(() => undefined);
    client = null;
    const { ended } = cluster;
    await act();
    await ended;
    running = false;
  };
  return {
    cluster: () => cluster,
    query: async <Row extends object>(text: string, values: unknown[] = []) => {
      for (const deadline = performance.now() + 60_000; ;) {
        try {
          return (await (await connected()).query<Row>(text, values)).rows;
        } catch (error) {
          const code = (error as { code?: string }).code;
          client = null;
          // A mistake of ours is told at once; a database that is away comes back.
          if (performance.now() > deadline || (code !== undefined && /^(42|22|23)/.test(code))) throw error;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
    },
    stop: () => endBy(() => cluster.stop()),
    crash: () => endBy(() => void process.kill(Number(readFileSync(join(directory, "pg", "data", "postmaster.pid"), "utf8").split("\n")[0]), "SIGQUIT")),
    start,
    fillDisk: () => {
      const { bavail, bsize } = statfsSync(directory);
      // Down to single pages: what is left after the large pieces is taken by smaller ones.
      for (let size = bavail * bsize, piece = 0; size >= 4096; piece += 1) {
        try {
          writeFileSync(`${ballast}.${piece}`, Buffer.alloc(Math.min(size, 64 * 1024 ** 2)), { flag: "wx" });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        }
        const left = statfsSync(directory);
        size = left.bavail * left.bsize;
        if (piece > 50) break;
      }
    },
    freeDisk: () => {
      for (let piece = 0; piece <= 51; piece += 1) rmSync(`${ballast}.${piece}`, { force: true });
    },
  };
}

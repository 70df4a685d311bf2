import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { migrate } from "../../prisma/migrate.ts";
import { ensureDatabase } from "../../scripts/postgres/cluster.ts";
import { createAccess, tuned, webCommand, workerCommand } from "../../scripts/start/processes.ts";
import { createApi } from "./api.ts";
import type { Api } from "./api.ts";
import { localHost, openRemoteHost } from "./host.ts";
import type { Host } from "./host.ts";
import { openProxy } from "./proxy.ts";
import type { Proxy } from "./proxy.ts";
import { DATABASE, startStore } from "./store.ts";
import type { Store } from "./store.ts";
import { supervise } from "./supervised.ts";
import type { Supervised } from "./supervised.ts";

/** A worker, its way to the database, and its disk. */
export type RigWorker = {
  name: "a" | "b";
  process: Supervised;
  proxy: Proxy;
  dataDir: string;
  /** Does to the process what rig/misbehave.ts can. */
  order: (order: "clock" | "block" | "allocate", amount: number) => void;
};

/** A whole Corral to break: PostgreSQL, the web process, a worker on this machine and one on another host. */
export type Rig = {
  index: number;
  directory: string;
  store: Store;
  a: RigWorker;
  b: RigWorker;
  web: Supervised;
  webProxy: Proxy;
  api: Api;
  /** Another worker, on this machine; the caller stops it. */
  addWorker: () => Promise<Supervised>;
  /** Everything is up, whatever a fault left. */
  settle: () => Promise<void>;
  /** The last words of every process. */
  words: () => string;
  close: () => Promise<void>;
};

const SLOTS = { CORRAL_SLOTS: "4", CORRAL_INTERACTIVE_SLOTS: "2" };
const DATABASE_BYTES = "1500m";
/** What a worker asks for at least, and a little. */
const SCRATCH_BYTES = "160m";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}

function mountDisk(directory: string, size: string) {
  mkdirSync(directory, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0755`, "corral-chaos", directory]);
}

/** Builds a rig. Needs root, as network namespaces and mounts do. @param index tells rigs that run at once apart */
export async function buildRig(index: number): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), "corral-chaos-"));
  const mounts: string[] = [];
  const disk = (name: string, size: string) => {
    const path = join(directory, name);
    mountDisk(path, size);
    mounts.push(path);
    return path;
  };
  const store = await startStore(disk("database", DATABASE_BYTES));
  await ensureDatabase(store.cluster(), DATABASE);
  await migrate(store.cluster().urlOf(DATABASE));

  const token = randomBytes(24).toString("base64url");
  const socket = join(store.cluster().socket, ".s.PGSQL.5432");
  const common = { PATH: process.env["PATH"] ?? "", HOME: "/root", CORRAL_AUTH_SECRET: randomBytes(32).toString("base64url"), CORRAL_LOG_LEVEL: "debug" };
  const urlBy = (proxy: Proxy) => `postgresql://corral@${proxy.host}:${proxy.port}/${DATABASE}`;

  const webProxy = await openProxy(socket);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const webEnvironment = {
    ...common,
    NODE_ENV: "production" as const,
    PORT: String(port),
    DATABASE_URL: urlBy(webProxy),
    CORRAL_DATA_DIR: join(directory, "web"),
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_COMPILE_CACHE: join(directory, "compile-cache"),
  };
  await createAccess({ ...webEnvironment, CORRAL_BOOTSTRAP_TOKEN: token });
  const web = supervise({
    name: "web",
    command: [process.execPath, ...webCommand({ host: "127.0.0.1", port, dev: false })],
    environment: tuned("web", webEnvironment),
    isReady: (line) => line.includes('"the web process answers"'),
  });

  const startWorker = async (name: string, host: Host) => {
    const dataDir = disk(name, SCRATCH_BYTES);
    const proxy = await openProxy(socket, host.gateway);
    const orders = join(directory, `${name}.orders`);
    const worker = supervise({
      name: `worker ${name}`,
      command: host.wrap([process.execPath, "--import", resolve("chaos/rig/misbehave.ts"), ...workerCommand]),
      environment: tuned("worker", {
        ...common,
        ...SLOTS,
        DATABASE_URL: urlBy(proxy),
        CORRAL_DATA_DIR: dataDir,
        CORRAL_WORKER_TAGS: name,
        CHAOS_ORDERS: orders,
        // As its starter has it; not on the disk that a fault fills.
        NODE_COMPILE_CACHE: join(directory, "compile-cache"),
      }),
      isReady: (line) => line.includes('"the worker takes runs"'),
      isWrapped: host !== localHost,
    });
    return { process: worker, proxy, dataDir, orders };
  };
  const remote = openRemoteHost(index, directory);
  const rigWorker = async (name: "a" | "b", host: Host): Promise<RigWorker> => {
    const { orders, ...worker } = await startWorker(name, host);
    return {
      name,
      ...worker,
      order: (order, amount) => {
        writeFileSync(orders, `${order} ${amount}`);
        worker.process.signal("SIGUSR2");
      },
    };
  };
  const a = await rigWorker("a", localHost);
  const b = await rigWorker("b", remote);
  const extra: { process: Supervised; proxy: Proxy }[] = [];

  const settle = async () => {
    store.freeDisk();
    await store.start();
    for (const { proxy } of [a, b, { proxy: webProxy }]) proxy.restore();
    for (const process of [a.process, b.process, web]) {
      process.signal("SIGCONT");
      process.release();
    }
    await Promise.all([a.process.ready(), b.process.ready(), web.ready()]);
  };
  await settle();
  return {
    index,
    directory,
    store,
    a,
    b,
    web,
    webProxy,
    api: createApi(url, token),
    addWorker: async () => {
      const added = await startWorker(`c${extra.length}`, localHost);
      extra.push(added);
      await added.process.ready();
      return added.process;
    },
    settle,
    words: () =>
      [a.process, b.process, web, ...extra.map(({ process }) => process)]
        .flatMap((process) => process.words())
        .toSorted()
        .join("\n"),
    close: async () => {
      await Promise.all([a.process, b.process, web, ...extra.map(({ process }) => process)].map((process) => process.stop()));
      await Promise.all([webProxy, a.proxy, b.proxy, ...extra.map(({ proxy }) => proxy)].map((proxy) => proxy.close()));
      await store.stop();
      remote.close();
      for (const mount of mounts) execFileSync("umount", ["--lazy", mount]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

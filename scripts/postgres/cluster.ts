import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Client } from "pg";

import { Refusal } from "../bootstrap/refusal.mjs";
import { databaseAccount } from "./account.ts";
import type { Account } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { planLaunch } from "./launch.ts";
import { clearLeftOver } from "./left-over.ts";

/** A PostgreSQL of our own, reachable by its Unix socket alone. */
export type Cluster = {
  /** The connection string of one of its databases. */
  urlOf: (database: string) => string;
  /** Where its socket lies. */
  socket: string;
  /** Resolves with its last words when it has ended, whoever ended it. */
  ended: Promise<string>;
  /** Its fast shutdown: sessions are cut, nothing that was committed is lost. */
  stop: () => Promise<void>;
};

export type ClusterOptions = {
  /** Holds the data and the socket; made when missing, and PostgreSQL's own from then on. */
  directory: string;
  /** Where the socket goes when a cluster is started again, so that its connection strings stay true. */
  socket?: string;
  /** False: nothing is forced to disk. For tests alone. */
  durable?: boolean;
  /** More settings, `name=value`. */
  settings?: string[];
  /** Told what takes time. */
  onNews?: (news: string) => void;
};

const ROLE = "corral";
const PORT = 5432;
/** sockaddr_un holds 108 bytes with the final NUL. */
const SOCKET_PATH_MAX = 107;
const STOP_PATIENCE_MS = 30_000;

/** Starts the cluster in a directory, making it when it is new, recovering it when it was not stopped cleanly. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { directory, durable = true, settings = [], onNews = () => undefined } = options;
  const binaries = await findBinaries();
  const account = databaseAccount();
  makeDirectory(directory, account);
  const data = join(directory, "data");
  const socket = options.socket ?? placeSocket(directory, account);
  const { command, pathOf } = planLaunch(account, [binaries.root, directory, socket]);
  const program = (name: "initdb" | "postgres") => join(pathOf(binaries.root), "bin", name);
  const run = (argv: string[]) =>
    // Detached: Ctrl-C in a terminal goes to the whole foreground group, but the database has to be the last to stop.
    spawn(command[0] ?? "", [...command.slice(1), ...argv], { detached: true, stdio: ["ignore", "pipe", "pipe"], env: environment(), cwd: "/" });

  if (existsSync(join(data, "PG_VERSION"))) await checkVersion(data, run([program("postgres"), "--version"]));
  else await initialise(directory, run, program("initdb"), pathOf(directory), durable);
  await clearLeftOver(data);

  const fixed = [
    "listen_addresses=",
    `unix_socket_directories=${pathOf(socket)}`,
    "unix_socket_permissions=0700",
    `port=${PORT}`,
    "timezone=UTC",
    "log_checkpoints=off",
  ];
  const careless = durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
  const flags = [...fixed, ...careless, ...settings].flatMap((setting) => ["-c", setting]);
  const server = run([program("postgres"), "-D", join(pathOf(directory), "data"), ...flags]);
  const ended = endOf(server);
  await untilReady(server, ended, onNews);
  return {
    urlOf: (database) => `postgresql://${ROLE}@localhost:${PORT}/${database}?host=${encodeURIComponent(socket)}`,
    socket,
    ended,
    stop: async () => {
      server.kill("SIGINT");
      const patience = setTimeout(() => server.kill("SIGQUIT"), STOP_PATIENCE_MS);
      await ended;
      clearTimeout(patience);
      if (!socket.startsWith(directory)) rmSync(socket, { recursive: true, force: true });
    },
  };
}

/** Makes a database unless it is there. */
export async function ensureDatabase(cluster: Cluster, name: string): Promise<void> {
  const admin = new Client({ connectionString: cluster.urlOf("postgres") });
  await admin.connect();
  try {
    const { rowCount } = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
  } finally {
    await admin.end();
  }
}

/** Nothing of ours: no secret has any business in the database's processes. */
const environment = () => ({ NODE_ENV: "production" as const, PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" });

function makeDirectory(directory: string, account: Account | null) {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
  if (account !== null) chownSync(directory, account.uid, account.gid);
}

/** Beside the data, or, where that makes too long a path for a socket, in a directory of its own that only we may enter. */
function placeSocket(directory: string, account: Account | null): string {
  const beside = join(directory, "socket");
  const isShort = Buffer.byteLength(join(beside, `.s.PGSQL.${PORT}`)) <= SOCKET_PATH_MAX;
  const socket = isShort ? beside : mkdtempSync(join(tmpdir(), "corral-db-"));
  makeDirectory(socket, account);
  return socket;
}

async function outputOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** Written beside its place and moved there when it is whole, so that a start that was interrupted leaves no half of one. */
async function initialise(directory: string, run: (argv: string[]) => ChildProcess, initdb: string, inside: string, durable: boolean) {
  const fresh = "data.new";
  rmSync(join(directory, fresh), { recursive: true, force: true });
  const flags = ["--auth=trust", `--username=${ROLE}`, "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const { code, output } = await outputOf(run([initdb, "--pgdata", join(inside, fresh), ...flags, ...(durable ? [] : ["--no-sync"])]));
  if (code !== 0) throw new Refusal(`The database could not be set up in ${directory}: ${lastLine(output)}`);
  renameSync(join(directory, fresh), join(directory, "data"));
}

async function checkVersion(data: string, asked: ChildProcess) {
  const { output } = await outputOf(asked);
  const ours = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (ours === undefined) throw new Refusal(`The PostgreSQL that came with Corral does not run here: ${lastLine(output)}`);
  const theirs = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  if (theirs !== ours) {
    throw new Refusal(
      `The database in ${data} was written by PostgreSQL ${theirs}, and this version of Corral brings PostgreSQL ${ours}. ` +
        `Dump it with the version of Corral that wrote it, or set CORRAL_DATA_DIR to a new directory.`,
    );
  }
}

const lastLine = (output: string) => output.trim().split("\n").at(-1) ?? "it said nothing.";

/** Resolves with the server's last words. */
function endOf(server: ChildProcess): Promise<string> {
  const lastWords: string[] = [];
  if (server.stderr === null) throw new Error("The server's messages are not readable.");
  createInterface({ input: server.stderr }).on("line", (line) => {
    lastWords.push(line);
    if (lastWords.length > 20) lastWords.shift();
  });
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(error.message));
    server.once("close", (code, signal) => resolve(`${lastWords.join("\n")}\n(PostgreSQL ended with ${signal ?? code})`));
  });
}

/** Resolves when the server takes connections. @throws Refusal when it ends before. */
function untilReady(server: ChildProcess, ended: Promise<string>, onNews: (news: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.stdout?.resume();
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("automatic recovery in progress")) onNews("the database was not stopped cleanly; it is recovering");
      if (text.includes("ready to accept connections")) resolve();
    });
    void ended.then((words) => {
      const fatal = words.split("\n").find((line) => /FATAL|PANIC|error/i.test(line)) ?? words;
      reject(new Refusal(`The embedded PostgreSQL did not start: ${fatal}`));
    });
  });
}

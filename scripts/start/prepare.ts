import { join } from "node:path";

import type { Config } from "#server/config.ts";

import { migrate } from "../../prisma/migrate.ts";
import { Refusal } from "../bootstrap/refusal.mjs";
import { beginStep } from "../bootstrap/steps.mjs";
import { buildDashboard, generateClient, needsBuild } from "../build.ts";
import { ensureDatabase } from "../postgres/cluster.ts";
import { keepCluster } from "../postgres/keep-cluster.ts";
import type { KeptCluster } from "../postgres/keep-cluster.ts";
import { ensurePrograms, findProgram, tryPrograms, versionOf } from "../system-packages.ts";

/** The steps before anything of Corral runs; each says what it does and how far it is. Step 1, the packages, is done. */

export const STEPS = 6;

/** No script runs without these. */
export const SANDBOX_PROGRAMS = [
  { program: "bwrap", package: "bubblewrap", purpose: "it puts each script into a sandbox" },
  { program: "setpriv", package: "util-linux", purpose: "it takes a script's privileges away" },
];

/** A run that asks for network gets one of its own with these; without, it gets the host's, and Workers and the run say so. */
export const NETWORK_PROGRAMS = [
  { program: "slirp4netns", package: "slirp4netns", purpose: "it gives a script a network of its own" },
  { program: "ip", package: "iproute2", purpose: "it closes that network's way to this machine" },
];

const DATABASE = "corral";

async function inStep<T>(number: number, title: string, work: (step: ReturnType<typeof beginStep>) => Promise<[T, string]>, hint?: string): Promise<T> {
  const step = beginStep({ number, of: STEPS, title, ...(hint === undefined ? {} : { hint }) });
  try {
    const [result, words] = await work(step);
    step.done(words);
    return result;
  } catch (error) {
    step.fail();
    throw error;
  }
}

/** Installs what sandboxes are made with. @throws Refusal when one of the programs that must be there can't be installed */
export const prepareSandbox = () =>
  inStep(
    2,
    "Sandbox",
    async () => {
      const installed = [...(await ensurePrograms(SANDBOX_PROGRAMS)), ...(await tryPrograms(NETWORK_PROGRAMS))];
      return [undefined, installed.length > 0 ? `installed ${installed.join(", ")}` : versionOf("bwrap")];
    },
    findProgram("bwrap") === null ? "installing bubblewrap" : undefined,
  );

/** Generates the database client and builds the dashboard, where their sources changed. */
export const prepareCode = ({ build }: { build: boolean }) => {
  const isNeeded = build && needsBuild();
  return inStep(
    3,
    build ? "Dashboard" : "Database client",
    async (step) => {
      await generateClient();
      if (isNeeded) await buildDashboard(step.progress);
      return [undefined, isNeeded ? "built" : "up to date"];
    },
    isNeeded ? "building takes about a minute, after changes only" : undefined,
  );
};

/** The database to use: the one of DATABASE_URL, or an embedded one in the data directory. */
export const prepareDatabase = ({ databaseUrl, dataDir }: Config) =>
  inStep<{ url: string; embedded: KeptCluster | null }>(4, "Database", async (step) => {
    if (databaseUrl !== null) return [{ url: databaseUrl, embedded: null }, `the PostgreSQL at ${new URL(databaseUrl).host || "the socket of DATABASE_URL"}`];
    const { cluster, keeper } = await keepCluster({ directory: join(dataDir, "postgres"), onNews: step.note });
    await ensureDatabase(cluster, DATABASE);
    return [{ url: cluster.urlOf(DATABASE), embedded: keeper }, "embedded PostgreSQL, on a Unix socket only"];
  });

/** Brings the database to this version's schema. @throws Refusal when it can't be reached. */
export const prepareSchema = (url: string) =>
  inStep(5, "Schema", async () => {
    try {
      const applied = await migrate(url);
      return [undefined, applied.length === 0 ? "up to date" : `${applied.length} ${applied.length === 1 ? "migration" : "migrations"} applied`];
    } catch (error) {
      throw asRefusal(error);
    }
  });

function asRefusal(error: unknown): unknown {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (["ECONNREFUSED", "ENOTFOUND", "ENOENT", "ETIMEDOUT", "EHOSTUNREACH", "EAI_AGAIN"].includes(code)) {
    return new Refusal(`The database of DATABASE_URL can't be reached (${code}). Check its host and port, and that it runs.`, { cause: error });
  }
  // Class 28: authorization; 3D000: no such database; 42501: privileges.
  if (/^(28...|3D000|42501)$/.test(code))
    return new Refusal(`The database of DATABASE_URL refused Corral: ${message}. Check its user, password and database.`, { cause: error });
  return error;
}

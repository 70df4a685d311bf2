import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Config } from "#server/config.ts";

import { Refusal } from "../bootstrap/refusal.mjs";
import { beginStep } from "../bootstrap/steps.mjs";
import type { KeptCluster } from "../postgres/keep-cluster.ts";
import { childEnvironment } from "./child-environment.ts";
import type { Child } from "./child.ts";
import { INSTANCE_FILE } from "./instance-file.ts";
import type { InstanceFile } from "./instance-file.ts";
import { findPort, openDataDirectory, readSecret } from "./place.ts";
import { STEPS, prepareCode, prepareDatabase, prepareSandbox, prepareSchema } from "./prepare.ts";
import { createAccess, startWeb, startWorker } from "./processes.ts";
import { restartOnChange } from "./restart-on-change.ts";

/** What `npm start` holds: stopped in this order, the worker first, the database last. */
export type Running = { stop: () => Promise<void>; hasten: () => void };

const WORKER_PATIENCE_MS = 20_000;
const WEB_PATIENCE_MS = 3_000;

/** Prepares and starts everything, and says where it is. @throws Refusal with the remedy when something is in the way. */
export async function startAll(config: Config, { dev }: { dev: boolean }, onHeld: (running: Running) => void): Promise<void> {
  let embedded: KeptCluster | null = null;
  let children: { worker: Child; web: Child } | null = null;
  let endWatching = () => {};
  const instanceFile = join(config.dataDir, INSTANCE_FILE);
  let isNoted = false;
  onHeld({
    hasten: () => children?.worker.hasten(),
    stop: async () => {
      if (isNoted) rmSync(instanceFile, { force: true });
      endWatching();
      await children?.worker.stop(WORKER_PATIENCE_MS);
      await children?.web.stop(WEB_PATIENCE_MS);
      await embedded?.stop();
    },
  });

  openDataDirectory(config.dataDir);
  const port = await findPort(config.host, config.port);
  await prepareSandbox();
  await prepareCode({ build: !dev });
  const database = await prepareDatabase(config);
  embedded = database.embedded;
  await prepareSchema(database.url);

  const step = beginStep({ number: STEPS, of: STEPS, title: "Web and worker" });
  const publicUrl = process.env.CORRAL_PUBLIC_URL ?? `http://localhost:${port}`;
  const environment: NodeJS.ProcessEnv = {
    ...childEnvironment(config.dataDir, dev ? "development" : "production"),
    PORT: String(port),
    DATABASE_URL: database.url,
    CORRAL_AUTH_SECRET: config.authSecret ?? readSecret(config.dataDir),
    CORRAL_PUBLIC_URL: publicUrl,
  };
  const logDirectory = join(config.dataDir, "logs");
  const worker = startWorker(environment, logDirectory);
  const web = startWeb({ host: config.host, port, dev, environment, logDirectory });
  children = { worker, web };
  let link;
  try {
    [link] = await Promise.all([createAccess(environment), asStep(web, "web"), asStep(worker, "worker")]);
  } catch (error) {
    step.fail();
    throw error;
  }
  step.done("started");
  if (dev) endWatching = restartOnChange(web, "server");
  isNoted = true;
  writeFileSync(instanceFile, JSON.stringify({ databaseUrl: database.url, publicUrl } satisfies InstanceFile), { mode: 0o600 });

  console.log(`\nCorral is ready: http://localhost:${port}`);
  console.log(`Sign in once with this link: ${link}`);
  console.log(`Logs are in ${logDirectory}. Ctrl-C stops everything.`);
}

/** A process that ends before it is ready has said why in a sentence. */
async function asStep(child: Child, name: string): Promise<void> {
  try {
    await child.ready;
  } catch (error) {
    throw new Refusal(`The ${name} process did not start: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

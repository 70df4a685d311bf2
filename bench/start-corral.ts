import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { startInstance } from "../e2e/support/instance.ts";
import { webProcessesAt, workerProcessesOf } from "../e2e/support/processes.ts";
import { INSTANCE_FILE } from "../scripts/start/instance-file.ts";
import type { InstanceFile } from "../scripts/start/instance-file.ts";
import { callJson } from "./call-json.ts";
import { SYSTEM_ACTOR } from "#server/context.ts";
import type { ServiceContext } from "#server/context.ts";
import { openDatabase } from "#server/db/client.ts";
import { openQueue } from "#server/queue/queue.ts";

/** A whole Corral: how it is called, and the processes that serve. */
export type Corral = {
  url: string;
  token: string;
  signInLink: string;
  /** `true` in bash by POST /execute. @throws when it did not succeed */
  executeTrue: () => Promise<void>;
  webPids: () => number[];
  workerPids: () => number[];
  /** The services on its database, called from this process. */
  services: () => Promise<ServiceContext>;
  stop: () => Promise<void>;
};

/** Starts one as `npm start` does, with more of an environment where given. */
export async function startCorral(dataDir: string, environment: Record<string, string>): Promise<Corral> {
  const token = `bench-${randomBytes(24).toString("hex")}`;
  const { url, signInLink, stop } = await startInstance({ dataDir, token, environment });
  let services: Promise<ServiceContext> | null = null;
  const openServices = async () => {
    const { databaseUrl } = JSON.parse(readFileSync(join(dataDir, INSTANCE_FILE), "utf8")) as InstanceFile;
    const database = openDatabase(databaseUrl);
    return { database, queue: await openQueue(database, "web"), actor: SYSTEM_ACTOR };
  };
  return {
    url,
    token,
    signInLink,
    webPids: () => webProcessesAt(new URL(url).port),
    workerPids: () => workerProcessesOf(dataDir),
    executeTrue: async () => {
      const headers = { authorization: `Bearer ${token}`, prefer: "wait=30" };
      const { status } = await callJson(`${url}/api/v1/execute`, headers, { language: "bash", source: "true" });
      if (status !== "succeeded") throw new Error(`A script that does nothing is ${String(status)}.`);
    },
    services: () => (services ??= openServices()),
    stop: async () => {
      const opened = await services;
      await opened?.queue.stop();
      await opened?.database.close();
      await stop();
    },
  };
}

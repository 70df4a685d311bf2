import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Config } from "#server/config.ts";

import { Refusal } from "../bootstrap/refusal.mjs";
import { childEnvironment } from "./child-environment.ts";
import { INSTANCE_FILE } from "./instance-file.ts";
import type { InstanceFile } from "./instance-file.ts";
import { findPort, openDataDirectory } from "./place.ts";
import { prepareCode, prepareDatabase, prepareSandbox, prepareSchema } from "./prepare.ts";
import { createAccess, tuned, webCommand, workerCommand } from "./processes.ts";
import type { Running } from "./start-all.ts";

/** `npm run web` and `npm run worker`: one process in the foreground, on the PostgreSQL of DATABASE_URL. */
export async function startOne(role: "web" | "worker", config: Config, onHeld: (running: Running) => void): Promise<void> {
  if (config.databaseUrl === null) {
    throw new Refusal(
      `\`npm run ${role}\` needs the PostgreSQL that all hosts share. Set DATABASE_URL to it, or start everything on this machine with: npm start`,
    );
  }
  if (role === "web" && config.authSecret === null) {
    throw new Refusal("CORRAL_AUTH_SECRET is not set. Set it to at least 32 random characters, the same on every host, for example from: openssl rand -hex 32");
  }
  openDataDirectory(config.dataDir);
  if (role === "worker") await prepareSandbox();
  await prepareCode({ build: role === "web" });
  const { url } = await prepareDatabase(config);
  await prepareSchema(url);
  const environment = childEnvironment(config.dataDir, "production");
  let command = workerCommand;
  if (role === "web") {
    const port = await findPort(config.host, config.port);
    console.log(`Sign in once with this link: ${await createAccess({ ...environment, PORT: String(port) })}`);
    command = webCommand({ host: config.host, port, dev: false });
  }
  const child = spawn(process.execPath, command, { detached: true, stdio: ["ignore", "inherit", "inherit", "ipc"], env: tuned(role, environment) });
  const exited = once(child, "exit") as Promise<[number | null, string | null]>;
  let isStopping = false;
  onHeld({
    hasten: () => void child.kill("SIGTERM"),
    stop: async () => {
      isStopping = true;
      child.kill("SIGTERM");
      await exited;
    },
  });
  child.on("message", () => console.log("The worker takes runs."));
  const [code, signal] = await exited;
  if (!isStopping) throw new Refusal(`The ${role} process ended with ${signal ?? code}.`);
}

/** `npm run sign-in-link`: another link into the Corral that runs on this data directory, or on DATABASE_URL. */
export async function printSignInLink(config: Config): Promise<void> {
  const environment = { ...process.env };
  if (config.databaseUrl === null) {
    const { databaseUrl, publicUrl } = readInstance(join(config.dataDir, INSTANCE_FILE));
    environment.DATABASE_URL = databaseUrl;
    environment.CORRAL_PUBLIC_URL ??= publicUrl;
    environment.CORRAL_AUTH_SECRET ??= readFileSync(join(config.dataDir, "secret"), "utf8").trim();
  }
  console.log(await createAccess(environment));
}

function readInstance(file: string): InstanceFile {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as InstanceFile;
  } catch (error) {
    throw new Refusal("No Corral runs on this data directory. Start it with: npm start", { cause: error });
  }
}

import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";

import { Refusal } from "../bootstrap/refusal.mjs";

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";

/** Makes the data directory where it is missing. @throws Refusal when nothing can be written there. */
export function openDataDirectory(directory: string): void {
  try {
    makeDirectories(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Refusal(
      `The data directory ${directory} is not writable (${codeOf(error)}). Give it to this user, or set CORRAL_DATA_DIR to a directory that is.`,
      {
        cause: error,
      },
    );
  }
}

/** Not Node's own recursion, which never ends where even a parent that exists refuses (as /proc does). */
function makeDirectories(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (codeOf(error) !== "ENOENT" || existsSync(dirname(directory))) throw error;
    makeDirectories(dirname(directory));
    mkdirSync(directory);
  }
}

/** The secret that signs sessions, made once for a data directory. */
export function readSecret(dataDir: string): string {
  const file = join(dataDir, "secret");
  try {
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  return readFileSync(file, "utf8").trim();
}

/** The port to listen on: the wanted one where it is free, any where 0 is wanted. @throws Refusal with what to do. */
export async function findPort(host: string, wanted: number): Promise<number> {
  const server = createServer();
  try {
    return await new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted, host, () => {
        const address = server.address();
        if (address === null || typeof address === "string") throw new Error("A listening server has an address.");
        server.close(() => resolve(address.port));
      });
    });
  } catch (error) {
    const remedy = `Set PORT to another one, for example: PORT=${wanted < 1024 ? 3000 : wanted + 1} npm start`;
    if (codeOf(error) === "EADDRINUSE") throw new Refusal(`Port ${wanted} of ${host} is taken by another program. ${remedy}`, { cause: error });
    if (codeOf(error) === "EACCES") throw new Refusal(`This user may not listen on port ${wanted}. ${remedy}`, { cause: error });
    if (["EADDRNOTAVAIL", "ENOTFOUND"].includes(codeOf(error))) {
      throw new Refusal(`This machine has no address ${host}. Set HOST to one of its own, or to 0.0.0.0 for all.`, { cause: error });
    }
    throw error;
  }
}

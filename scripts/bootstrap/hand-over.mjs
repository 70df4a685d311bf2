import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

import { NODE, PROJECT, ensureInstalled } from "./install.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * Installs what is missing, then goes on with `script` on Corral's own Node.js: in this process where it is that
 * already, else in a child that is told of every signal and leaves when this process is gone.
 */
export async function handOver(script, step) {
  try {
    await ensureInstalled(step);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`\n${error.message}`);
    process.exit(1);
  }
  process.chdir(PROJECT);
  process.env.PATH = `${dirname(NODE)}:${process.env.PATH ?? ""}`;
  if (realpathSync(process.execPath) === realpathSync(NODE)) {
    await import(pathToFileURL(script).href);
    return;
  }
  // In a session of its own, so that a terminal's Ctrl-C reaches it once, from here.
  const child = spawn(NODE, [script, ...process.argv.slice(2)], { detached: true, stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}

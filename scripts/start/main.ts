import { ConfigError, readConfig } from "#server/config.ts";

import { Refusal } from "../bootstrap/refusal.mjs";
import { enterDelegatedScope } from "./delegated-scope.ts";
import { startAll } from "./start-all.ts";
import type { Running } from "./start-all.ts";
import { printSignInLink, startOne } from "./start-one.ts";

/** Where `npm start` and its sisters go on once the packages are there: signals, exit codes, and who is asked to start what. */

const role = process.argv[2] ?? "";
// Those that execute scripts have to divide their cgroup. Before anything is listened for: whoever goes on here is another process.
if (["", "--dev", "worker"].includes(role)) await enterDelegatedScope();

/** npm passes a terminal's Ctrl-C on, beside the terminal: within this time two are one. */
const SAME_SIGNAL_MS = 750;

/** What is held so far, to be stopped with this process. */
const held: { running: Running | null; stoppingSince: number | null } = { running: null, stoppingSince: null };

async function stop(exitCode: number): Promise<void> {
  if (held.stoppingSince !== null) {
    if (performance.now() - held.stoppingSince > SAME_SIGNAL_MS) held.running?.hasten();
    return;
  }
  held.stoppingSince = performance.now();
  console.log("\nCorral is stopping… (again to hurry)");
  try {
    await held.running?.stop();
    console.log("Corral has stopped.");
  } catch (error) {
    console.error(error);
    exitCode = 1;
  }
  process.exit(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
// Started through another process that is gone: nobody else would end this one.
process.on("disconnect", () => void stop(0));
// A terminal or a pipe that was closed must not end this process before it has stopped the others.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => void stop(0));

const hold = (running: Running) => (held.running = running);

async function main(): Promise<void> {
  const config = readConfig();
  if (role === "web" || role === "worker") return startOne(role, config, hold);
  if (role === "sign-in-link") return printSignInLink(config);
  if (role !== "" && role !== "--dev") throw new Refusal(`There is nothing to start by the name ${role}. There are: web, worker, sign-in-link, --dev.`);
  return startAll(config, { dev: role === "--dev" }, hold);
}

try {
  await main();
  if (role === "sign-in-link") process.exit(0);
} catch (error) {
  // Told to stop in the middle of starting: what failed then failed for that.
  if (held.stoppingSince === null) {
    const isExpected = error instanceof Refusal || error instanceof ConfigError;
    console.error(isExpected ? `\n${error.message}` : error);
    await held.running?.stop().catch((failure: unknown) => console.error(failure));
    process.exit(1);
  }
}

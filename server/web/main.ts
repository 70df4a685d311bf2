import { flushCompileCache } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";

import { beginProcessEnd } from "../api/process-end.ts";
import { database } from "../db/client.ts";
import { subscribe } from "../live/notices.ts";
import { log } from "../log.ts";
import { createWebServer } from "./web-server.ts";
import type { WebServer } from "./web-server.ts";

/** How a web process starts and stops: `npm run web`, or a child of `npm start`. */

/** What is being answered may take so long when the process is to end. */
const PATIENCE_MS = 10_000;
/** Who asks again meanwhile is told that its connection ends with the answer, instead of finding it gone. */
const LEAVE_MS = 200;

const { values } = parseArgs({
  options: { host: { type: "string", default: "127.0.0.1" }, port: { type: "string", default: "3000" }, dev: { type: "boolean", default: false } },
});
const address = { host: values.host, port: Number(values.port) };

// What one request breaks must not end the others' streams.
process.on("unhandledRejection", (error) => log.error({ err: error }, "something failed that nobody waited for"));
process.on("uncaughtException", (error) => log.error({ err: error }, "something failed that nobody waited for"));

// Listening also when nobody watches: its probe is what notices that the way to the database is silently gone, and renews the
// connections that a request would otherwise hang on. It waits for a database that is away, and so nobody waits for it.
void subscribe(database(), () => undefined);

let server: WebServer | null = null;
const stop = async () => {
  beginProcessEnd();
  setTimeout(() => process.exit(), PATIENCE_MS).unref();
  // One that does not answer yet has nobody to wait for.
  if (server !== null) {
    await delay(LEAVE_MS);
    await server.close();
  }
  process.exit();
};
// Before anything is awaited: what happens during the start is told once.
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());
// The starter is gone: nobody else would end this process.
process.once("disconnect", () => void stop());

try {
  server = await createWebServer({ ...address, dev: values.dev });
  await server.listen();
  log.info(address, "the web process answers");
  // Where the starter asked for a cache: a process that is killed later writes none.
  flushCompileCache();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startInstance } from "./support/instance.ts";
import { webProcessesAt } from "./support/processes.ts";
import { expect, test } from "./support/test.ts";

const CALLERS = 24;
/** Longer than a stop may take. */
const ASKED_MS = 15_000;

/** Asks once, and says what the answer wants done with the connection. */
const ask = (url: string, agent: Agent) =>
  new Promise<string | undefined>((resolve, reject) => {
    get(`${url}/api/health/live`, { agent }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.headers.connection));
    }).once("error", reject);
  });

test("a web process that is told to stop ends, however often it is asked on connections that are kept alive", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "corral-stop-"));
  const instance = await startInstance({ dataDir, token: `e2e-${randomBytes(24).toString("hex")}` });
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  try {
    const [web = 0] = webProcessesAt(new URL(instance.url).port);
    expect(await ask(instance.url, agent)).toBe("keep-alive");
    const isThere = () => webProcessesAt(new URL(instance.url).port).includes(web);
    const heard = new Set<string | undefined>();
    // Each asks again as soon as it was answered, so that some are always under way; it is over for who finds no connection.
    const asking = Array.from({ length: CALLERS }, async () => {
      for (const deadline = Date.now() + ASKED_MS; Date.now() < deadline;) {
        const connection = await ask(instance.url, agent).catch(() => null);
        if (connection === null) return;
        heard.add(connection);
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(web, "SIGTERM");
    await Promise.all(asking);
    expect(heard).toEqual(new Set(["keep-alive", "close"]));
    // What keeps it starts another: this very one is gone.
    await expect.poll(isThere, { timeout: ASKED_MS / 2 }).toBe(false);
  } finally {
    agent.destroy();
    await instance.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

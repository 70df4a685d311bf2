import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect, test } from "vitest";

import { isKnownDead, readPlace } from "./place.ts";

test("a process is known dead only where it could be seen, and a number used again is not it", async () => {
  const mine = await readPlace();
  expect(await isKnownDead(mine, mine, process.pid)).toBe(false);
  expect(await isKnownDead(mine, { ...mine, processStart: "1" }, process.pid)).toBe(true);
  expect(await isKnownDead(mine, { ...mine, pidNamespace: "pid:[1]" }, process.pid)).toBe(false);

  const child = spawn("sleep", ["60"]);
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  expect(await isKnownDead(mine, mine, child.pid ?? 0)).toBe(true);
});

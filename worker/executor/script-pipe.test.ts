import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { openScriptPipe } from "./script-pipe.ts";

const MIB = 1024 ** 2;
const directory = mkdtempSync(join(tmpdir(), "corral-pipe-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A named pipe that a program writes to. */
function printing(name: string, script: string) {
  const path = join(directory, name);
  execFileSync("mkfifo", [path]);
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const inner = openSync(path, constants.O_WRONLY);
  const pipe = openScriptPipe(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  closeSync(both);
  spawn("/bin/sh", ["-c", script], { stdio: ["ignore", inner, "ignore"] });
  closeSync(inner);
  return pipe;
}

test("pipes that are read into one buffer do not mix", async () => {
  const counts = await Promise.all(
    ["a", "b", "c"].map(async (letter) => {
      const pipe = printing(letter, `head -c ${4 * MIB} /dev/zero | tr '\\0' ${letter}`);
      let [own, other] = [0, 0];
      pipe.start((bytes) => {
        for (const byte of bytes) {
          if (byte === letter.charCodeAt(0)) own += 1;
          else other += 1;
        }
      });
      await pipe.ended;
      return { own, other };
    }),
  );
  expect(counts).toEqual(Array.from({ length: 3 }, () => ({ own: 4 * MIB, other: 0 })));
});

test("nothing is read before the start nor while it is paused, and nothing is lost", async () => {
  const pipe = printing("paused", "printf one; sleep 0.2; printf two");
  await new Promise((resolve) => setTimeout(resolve, 100));
  let text = "";
  pipe.start((bytes) => {
    text += bytes.toString();
    pipe.pause();
  });
  await expect.poll(() => text).toBe("one");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(text).toBe("one");
  pipe.resume();
  await expect.poll(() => text).toBe("onetwo");
  pipe.resume();
  await pipe.ended;
});

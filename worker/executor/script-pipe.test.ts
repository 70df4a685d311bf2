import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import type { ByteSource } from "./script-pipe.ts";
import { makePipes, openStdio } from "./stdio.ts";

const MIB = 1024 ** 2;
const directory = mkdtempSync(join(tmpdir(), "corral-pipe-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** What a program prints, through the pipes of a slot of its own. */
async function printing(slot: string, script: string): Promise<ByteSource> {
  const [pipes] = await makePipes(join(directory, slot), 1);
  assert.ok(pipes);
  const stdio = openStdio(pipes);
  spawn("/bin/sh", ["-c", script], { stdio: ["ignore", stdio.inner.stdout, "ignore"] });
  stdio.closeInner();
  return stdio.stdout;
}

test("pipes that are read into one buffer do not mix", async () => {
  const counts = await Promise.all(
    ["a", "b", "c"].map(async (letter) => {
      const pipe = await printing(letter, `head -c ${4 * MIB} /dev/zero | tr '\\0' ${letter}`);
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
  const pipe = await printing("paused", "printf one; sleep 0.2; printf two");
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

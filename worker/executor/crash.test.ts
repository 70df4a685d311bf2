import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, test } from "vitest";

import { crashCase } from "./conformance/crash.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-crash-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a killed worker's scripts die with it, a successor sweeps what is left, and a living peer keeps its own (cases 39, 41)", async () => {
  await crashCase(directory);
});

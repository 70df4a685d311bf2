import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { MIB } from "../conformance/case.ts";
import { nothingLeft } from "../conformance/left.ts";
import { specOf } from "../conformance/spec.ts";
import type { PartialSpec } from "../conformance/spec.ts";
import { createExecutor } from "../executor.ts";
import type { Executor } from "../types.ts";

// Whatever a spec holds: what was given arrives byte for byte, an end is never our own fault, and nothing is left. A failure
// prints its seed and the smallest spec that still fails.

const directory = mkdtempSync(join(tmpdir(), "corral-fuzz-"));
const instance = `fuzz-${process.pid}`;
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => void rejections.push(reason);
let executor: Executor;

beforeAll(async () => {
  process.on("unhandledRejection", onRejection);
  executor = await createExecutor({ directory, instance, allowUnenforced: false, maxConcurrent: 4 });
});
afterAll(async () => {
  await executor.close();
  process.off("unhandledRejection", onRejection);
  expect(rejections).toEqual([]);
  await nothingLeft(`/corral-${instance}`);
  expect(readdirSync(join(directory, "attempts"))).toEqual([]);
  rmSync(directory, { recursive: true });
});

async function run(spec: PartialSpec) {
  const parts: Buffer[] = [];
  const result = await executor.execute(specOf(spec), { onOutput: ({ stream, bytes }) => void (stream === "stdout" && parts.push(bytes)) });
  await nothingLeft(result.evidence.cgroup);
  return { result, stdout: Buffer.concat(parts).toString() };
}

/** Text that shells and C are known to stumble over, beside any other: quotes, escapes, and dash's own control bytes (0x81 to 0x88). */
const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("'", '"', "\\", "$(id)", "`id`", "\n", "\r", "\t", "*", "~", "-n", "--", "\u0081\u0088", "\u001b[0m", "😀", "%s", "\u007f", "!", " "),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) =>
  Array.from(pieces.join(""))
    .filter((char) => char !== "\0" && !/\p{Surrogate}/u.test(char))
    .join(""),
);
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
  fc.constantFrom(
    "IFS",
    "PPID",
    "OPTIND",
    "UID",
    "EUID",
    "PS4",
    "ENV",
    "BASH_ENV",
    "POSIXLY_CORRECT",
    "LINENO",
    "RANDOM",
    "go",
    "interpreter",
    "GROUPS",
    "SHELLOPTS",
    "MAILPATH",
  ),
);
/** Ours to set, or read by Python itself before it could tell. */
const isTellable = (key: string) => !/^(CORRAL_|PYTHON|LD_|LC_|PATH$|HOME$|LANG$|TMPDIR$|GCONV_PATH|LOCPATH|MALLOC_|GLIBC_)/.test(key);

test("arguments, environment and stdin arrive as they were given", { timeout: 120_000 }, async () => {
  const source = `
import json, os, sys
given = json.loads(sys.argv[1])
told = lambda value: os.fsencode(value).hex()
print(json.dumps([[told(a) for a in sys.argv[2:]], [[k, told(os.environ[k])] for k in given], sys.stdin.buffer.read().hex()]))`;
  const hex = (value: string) => Buffer.from(value).toString("hex");
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 6 }), fc.dictionary(name.filter(isTellable), text, { maxKeys: 6 }), text, async (args, env, stdin) => {
      const names = Object.keys(env);
      const { result, stdout } = await run({ language: "python", source, args: [JSON.stringify(names), ...args], env, stdin });
      expect([result.outcome, result.message]).toEqual(["succeeded", result.message]);
      expect(JSON.parse(stdout)).toEqual([args.map(hex), names.map((key) => [key, hex(env[key] ?? "")]), hex(stdin)]);
    }),
    { numRuns: 150 },
  );
});

test("random sources in every language end, and never by a fault of ours", { timeout: 180_000 }, async () => {
  const languages = executor.capabilities.runtimes.map(({ id }) => id);
  expect(languages.length).toBeGreaterThanOrEqual(3);
  const source = fc.oneof(
    text,
    fc.array(text, { maxLength: 20 }).map((lines) => lines.join("\n")),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1").replaceAll("\0", "")),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...languages), source, async (language, program) => {
      const { result } = await run({ language, source: program, limits: { timeoutMs: 2_000 }, gracePeriodMs: 0 });
      expect([result.outcome === "internal_error", result.message]).toEqual([false, result.message]);
      expect(result.usage.wallMs).toBeLessThan(10_000);
    }),
    { numRuns: 120 },
  );
});

test("random limits are kept, and never end in a fault of ours", { timeout: 180_000 }, async () => {
  // From the floors that a policy has up to far more than any machine.
  const limits = fc.record({
    timeoutMs: fc.oneof(fc.integer({ min: 100, max: 1_500 }), fc.constant(Number.MAX_SAFE_INTEGER)),
    memoryBytes: fc.oneof(fc.integer({ min: 16 * MIB, max: 64 * MIB }), fc.constantFrom(2 ** 40, 2 ** 50)),
    cpuMillis: fc.oneof(fc.integer({ min: 10, max: 4_000 }), fc.constant(1_000_000)),
    pidsMax: fc.oneof(fc.integer({ min: 8, max: 40 }), fc.constant(4_000_000)),
    outputMaxBytes: fc.oneof(fc.integer({ min: 1024, max: 100_000 }), fc.constant(2 ** 40)),
    diskMaxBytes: fc.oneof(fc.integer({ min: MIB, max: 8 * MIB }), fc.constant(2 ** 36)),
  });
  const programs = [
    "echo hello",
    "head -c 200000 /dev/zero | tr '\\0' x",
    "for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1 & done; wait",
    "head -c 3000000 /dev/zero > big; exit 3",
    "exit 42",
  ];
  const modes = fc.constantFrom<("truncate" | "end")[]>("truncate", "end");
  await fc.assert(
    fc.asyncProperty(limits, fc.constantFrom(...programs), fc.integer({ min: 0, max: 300 }), modes, async (asked, source, gracePeriodMs, onOutputLimit) => {
      const { result } = await run({ language: "bash", source, limits: asked, gracePeriodMs, onOutputLimit });
      expect([result.outcome === "internal_error", result.message]).toEqual([false, result.message]);
      expect(result.evidence.keptBytes).toBeLessThanOrEqual(asked.outputMaxBytes);
      expect(result.evidence.peakMemoryBytes).toBeLessThanOrEqual(asked.memoryBytes + MIB);
      expect(result.usage.pidsPeak).toBeLessThanOrEqual(asked.pidsMax);
    }),
    { numRuns: 120 },
  );
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { specOf } from "./conformance/spec.ts";
import { createExecutor } from "./executor.ts";
import type { Executor } from "./types.ts";

// Every runtime that this machine has, in its real sandbox. Those that `npm test` itself installs have to be there.

const INSTALLED = ["bash", "python", "node", "sh", "perl", "ruby"];

/** Prints an argument, a variable, what is on stdin and the name of its file, then fails with 7. */
const SCRIPTS: Record<string, string> = {
  bash: 'read -r line; echo "$1 $NAME $line ${0##*/}"; exit 7',
  sh: 'read -r line; echo "$1 $NAME $line ${0##*/}"; exit 7',
  python: "import os, sys\nprint(sys.argv[1], os.environ['NAME'], input(), os.path.basename(__file__))\nsys.exit(7)",
  node: "import { readFileSync } from 'node:fs';\nconst { argv, env } = process;\nconsole.log(argv[2], env.NAME, readFileSync(0, 'utf8').trim(), import.meta.filename.split('/').pop());\nprocess.exit(7);",
  perl: 'my $line = <STDIN>; chomp $line; $0 =~ m{([^/]+)$}; print "$ARGV[0] $ENV{NAME} $line $1\\n"; exit 7;',
  ruby: 'puts "#{ARGV[0]} #{ENV["NAME"]} #{STDIN.gets.chomp} #{File.basename(__FILE__)}"; exit 7',
  php: '<?php echo $argv[1], " ", getenv("NAME"), " ", trim(fgets(STDIN)), " ", basename(__FILE__), "\\n"; exit(7);',
  lua: "print(arg[1] .. ' ' .. os.getenv('NAME') .. ' ' .. io.read() .. ' ' .. arg[0]:match('[^/]+$'))\nos.exit(7)",
};
const FILES: Record<string, string> = { bash: "main.sh", sh: "main.sh", python: "main.py", node: "main.mjs", perl: "main.pl", ruby: "main.rb" };

const directory = mkdtempSync(join(tmpdir(), "corral-runtimes-"));
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ directory, instance: `runtimes-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
});
afterAll(async () => {
  await executor.close();
  rmSync(directory, { recursive: true });
});

test("what npm test installs is found, each with its version", () => {
  const found = executor.capabilities.runtimes;
  expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(INSTALLED));
  for (const { id, version } of found) expect(`${id} ${version}`).toMatch(/^sh [a-z]|^\w+ \d+\.\d+/);
});

test("each runs a script with its argument, environment, stdin and exit code, under its own file name", async () => {
  for (const { id, fileName } of executor.capabilities.runtimes) {
    let said = "";
    const result = await executor.execute(
      specOf({
        language: id,
        source: SCRIPTS[id] ?? "",
        args: ["an argument"],
        env: { NAME: "a value" },
        stdin: "a line\n",
        limits: { memoryBytes: 256 * 1024 ** 2 },
      }),
      { onOutput: ({ bytes }) => void (said += bytes.toString()) },
    );
    expect(said).toBe(`an argument a value a line ${FILES[id] ?? fileName}\n`);
    expect([result.outcome, result.exitCode]).toEqual(["exit_nonzero", 7]);
  }
});

test("a line is seen when it is printed, not when the script ends", async () => {
  const slow: Record<string, string> = {
    python: "import time\nprint('early')\ntime.sleep(1)",
    perl: 'print "early\\n"; sleep 1;',
    sh: "echo early; sleep 1",
  };
  for (const [language, source] of Object.entries(slow)) {
    let at: number | undefined;
    const result = await executor.execute(specOf({ language, source }), { onOutput: ({ atMs }) => (at ??= atMs) as unknown as void });
    expect(at).toBeLessThan(700);
    expect(result.usage.wallMs).toBeGreaterThan(900);
  }
});

import { expect, test } from "vitest";

import { errorLineOf, fingerprintOf, normalise } from "./fingerprint.ts";

const PYTHON = `Traceback (most recent call last):
  File "/w/script", line 3, in <module>
    main()
  File "/w/script", line 2, in main
    raise ValueError("row 812 of /srv/data/in.csv is bad")
ValueError: row 812 of /srv/data/in.csv is bad
`;

const NODE = `/w/script:1
throw new TypeError("no 17");
^

TypeError: no 17
    at Object.<anonymous> (/w/script:1:7)
    at Module._compile (node:internal/modules/cjs/loader:1730:14)

Node.js v24.21.0
`;

test("finds the line that tells of the error, in what each language prints", () => {
  expect(errorLineOf(PYTHON, "exit_nonzero")).toBe("ValueError: row <n> of <path> is bad");
  expect(errorLineOf(NODE, "exit_nonzero")).toBe("TypeError: no <n>");
  expect(errorLineOf("a\n/w/script: line 4: frobnicate: command not found\n", "exit_nonzero")).toBe("<path>: line <n>: frobnicate: command not found");
  expect(errorLineOf("\u001b[31mfatal\u001b[0m: gone\n\nbye\n", "exit_nonzero")).toBe("fatal: gone");
});

test("the last words count where the script ended itself, and not where it was cut off", () => {
  expect(errorLineOf("giving up after 12 tries\n", "exit_nonzero")).toBe("giving up after <n> tries");
  expect(errorLineOf("row 12\nrow 13\n", "timeout")).toBeNull();
  expect(errorLineOf("MemoryError: 12\nrow 13\n", "out_of_memory")).toBe("MemoryError: <n>");
  expect(errorLineOf("", "exit_nonzero")).toBeNull();
});

test.each([
  ["at 2026-11-24T01:02:03.004Z took 1.5 s", "at <time> took <n>.<n> s"],
  ["run 0192aaaa-bbbb-7ccc-8ddd-eeeeffff0000 of 10.0.0.7:5432", "run <id> of <address>"],
  ["commit deadbeef12 by a.b@example.com at 0x7fff", "commit <hex> by <email> at <hex>"],
  ["and/or feedback accede decade", "and/or feedback accede decade"],
  ["cat: /tmp/x.1/y: no", "cat: <path>: no"],
])("normalises %s", (text, expected) => {
  expect(normalise(text)).toBe(expected);
});

test("what differs in any part differs in its fingerprint", () => {
  const key = { outcome: "exit_nonzero", exitCode: 1, signal: null, script: "a", line: "b" } as const;
  const prints = [key, { ...key, exitCode: 2 }, { ...key, script: "b" }, { ...key, line: null }, { ...key, outcome: "timeout" as const }].map(fingerprintOf);
  expect(new Set(prints).size).toBe(5);
  expect(fingerprintOf({ ...key })).toBe(prints[0]);
});

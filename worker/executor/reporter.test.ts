import { expect, test } from "vitest";

import { readReport } from "./reporter.ts";

test.each([
  ["a plain exit", "ready\n= 3 0\n", 3, { exitCode: 3, signal: null, leftovers: 0, startFailure: null }],
  ["137 by hand", "ready\n= 137 2\n", 137, { exitCode: 137, signal: null, leftovers: 2, startFailure: null }],
  ["a signal", "ready\nSegmentation fault\n= 139 0\n", 139, { exitCode: null, signal: "SIGSEGV", leftovers: 0, startFailure: null }],
  [
    "a signal, as bash says it",
    'ready\nsh: line 6:     3 Killed   ( exec "$@" 2>&9 9>&- )\n= 137 0\n',
    137,
    { exitCode: null, signal: "SIGKILL", leftovers: 0, startFailure: null },
  ],
  ["127 by hand", "ready\n= 127 0\n", 127, { exitCode: 127, signal: null, leftovers: 0, startFailure: null }],
  [
    "an interpreter the kernel refuses",
    "ready\nsh: 7: exec: /x: Exec format error\n= 126 0\n",
    126,
    { exitCode: null, signal: null, leftovers: 0, startFailure: "sh: 7: exec: /x: Exec format error" },
  ],
  [
    "an interpreter that went",
    "ready\nmissing\n= 127 0\n",
    127,
    { exitCode: null, signal: null, leftovers: 0, startFailure: "its interpreter is not on this host any more." },
  ],
  ["a reporter that was killed", "ready\n", 137, { exitCode: null, signal: "SIGKILL", leftovers: null, startFailure: null }],
  ["a reporter ended by another signal", "ready\n", 142, { exitCode: null, signal: "SIGALRM", leftovers: null, startFailure: null }],
  ["bubblewrap itself was killed", "ready\n", null, { exitCode: null, signal: "SIGKILL", leftovers: null, startFailure: null }],
])("%s", (_title, report, code, expected) => {
  expect(readReport(report, code)).toEqual(expected);
});

import assert from "node:assert/strict";

import { MIB, bash, python } from "./case.ts";
import type { SpecCase } from "./case.ts";

/** Some kernels let a hog refault its own text at the limit for minutes before they kill it. */
const HOG_MS = 15_000;

/** Memory, disk and CPU at their limits, and what only looks like it. */
export const resourcesCases: SpecCase[] = [
  {
    number: 7,
    title: "memory hog",
    spec: { ...python("data = []\nwhile True: data.append(bytearray(1 << 20))"), limits: { memoryBytes: 24 * MIB, timeoutMs: HOG_MS } },
    outcome: "out_of_memory",
    check: (result) => {
      // Or it refaulted its own text at the limit until its time was up, and the kernel never had to kill.
      assert.ok(result.evidence.oomKills > 0 || result.evidence.thrashing);
      assert.match(result.message, /^(Killed|Thrashed) at its 24 MiB memory limit/);
    },
  },
  {
    number: 8,
    title: "a child hog is killed, the parent exits with 0",
    spec: { ...bash("python3 -c 'data = []\nwhile True: data.append(bytearray(1 << 20))'; exit 0"), limits: { memoryBytes: 24 * MIB, timeoutMs: HOG_MS } },
    outcome: "out_of_memory",
    check: (result) => assert.ok(result.evidence.oomKills > 0 || result.evidence.thrashing),
  },
  {
    number: 9,
    title: "/dev/shm is charged to the run",
    spec: { ...bash("head -c 30000000 /dev/zero > /dev/shm/hog; sleep 5"), limits: { memoryBytes: 16 * MIB, timeoutMs: HOG_MS } },
    outcome: "out_of_memory",
  },
  {
    number: 10,
    title: "a full workspace",
    spec: { ...bash("head -c 40000000 /dev/zero > big && echo fits || exit 9"), limits: { diskMaxBytes: 8 * MIB } },
    outcome: "disk_limit",
    check: (result) => assert.equal(result.exitCode, 9),
  },
  {
    number: 11,
    title: "page cache is no OOM",
    spec: { ...bash("cat /usr/lib/x86_64-linux-gnu/*.so* /usr/bin/* 2>/dev/null | head -c 200000000 | wc -c"), limits: { memoryBytes: 24 * MIB } },
    outcome: "succeeded",
    check: (result) => assert.equal(result.evidence.oomKills, 0),
  },
  {
    number: 12,
    title: "thrashing at its limit until its time is up is named",
    spec: {
      // Nearly all of its memory can't be given back; what is left of it reads a large file over and over.
      ...bash(
        "python3 -c \"data = bytearray(b'x') * (18 << 20)\nwhile True:\n  with open('/usr/lib/locale/C.utf8/LC_CTYPE', 'rb') as f: f.read()\n  for name in __import__('glob').glob('/usr/bin/*'):\n    try:\n      with open(name, 'rb') as f:\n        while f.read(65536): pass\n    except OSError: pass\"",
      ),
      limits: { memoryBytes: 24 * MIB, timeoutMs: 12_000 },
      gracePeriodMs: 0,
    },
    outcome: "out_of_memory",
    check: (result) => assert.ok(result.evidence.oomKills > 0 || result.evidence.thrashing),
  },
  {
    number: 13,
    title: "a legitimate program near its limit",
    spec: {
      ...python("data = bytearray(40 << 20)\nfor i in range(0, len(data), 4096): data[i] = 1\nprint(len(data) >> 20)"),
      limits: { memoryBytes: 64 * MIB },
    },
    outcome: "succeeded",
    check: (_result, output) => assert.equal(output.stdout, "40\n"),
  },
  {
    number: 14,
    title: "half a core is half a core",
    spec: {
      // Its own share, by its own clocks: making the sandbox costs CPU time too.
      ...python(
        "import time\nbegan, used = time.monotonic(), time.process_time()\nwhile time.monotonic() < began + 2: pass\nprint((time.process_time() - used) / (time.monotonic() - began))",
      ),
      limits: { cpuMillis: 500 },
    },
    outcome: "succeeded",
    check: (result, output) => {
      assert.ok(result.usage.throttledMs > 0, "it was not throttled");
      const share = Number(output.stdout);
      assert.ok(share > 0.2 && share < 0.6, `it got ${share.toFixed(2)} of a core`);
    },
  },
];

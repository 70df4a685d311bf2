import assert from "node:assert/strict";

import type { ExecutionOutcome, ExecutionResult } from "../types.ts";
import type { PartialSpec } from "./spec.ts";

const MIB = 1024 ** 2;

/** What a script tries, and what has to come of it on every kind of cgroup. */
export type ConformanceCase = {
  /** Stable number, as in the project's table of cases. */
  number: number;
  title: string;
  spec: PartialSpec;
  /** Aborts (cancels) the attempt as soon as it has printed something. */
  cancelAtOutput?: boolean;
  outcome: ExecutionOutcome;
  check?: (result: ExecutionResult, output: CapturedOutput) => void;
};

export type CapturedOutput = { stdout: string; stderr: string; sequence: number[]; markers: number };

/** @param floodBytes how much a flood prints: a gigabyte, or less where the machine is slow */
export function conformanceCases(floodBytes: number): ConformanceCase[] {
  const bash = (source: string) => ({ language: "bash", source });
  const python = (source: string) => ({ language: "python", source });
  const within = (result: ExecutionResult, ms: number) => assert.ok(result.usage.wallMs < ms, `it took ${result.usage.wallMs} ms, not below ${ms}`);

  return [
    {
      number: 1,
      title: "hello, arguments, stdin and both streams",
      spec: { ...bash('echo "hello $1"; cat; echo oops >&2; echo again > /dev/stderr'), args: ["big world"], stdin: "from stdin\n" },
      outcome: "succeeded",
      check: (result, output) => {
        assert.equal(output.stdout, "hello big world\nfrom stdin\n");
        assert.equal(output.stderr, "oops\nagain\n");
        assert.equal(result.exitCode, 0);
        assert.equal(result.evidence.leftoverProcesses, 0);
        assert.ok(result.usage.peakMemoryBytes > 100_000);
      },
    },
    { number: 2, title: "exit 3", spec: bash("exit 3"), outcome: "exit_nonzero", check: (result) => assert.equal(result.exitCode, 3) },
    {
      number: 3,
      title: "exit 137 by hand is no kill and no OOM",
      spec: bash("exit 137"),
      outcome: "exit_nonzero",
      check: (result) => assert.deepEqual([result.exitCode, result.signal], [137, null]),
    },
    {
      number: 4,
      title: "SIGSEGV",
      spec: bash("kill -SEGV $$"),
      outcome: "signal",
      check: (result) => assert.deepEqual([result.exitCode, result.signal, result.evidence.signalSentBy], [null, "SIGSEGV", "script"]),
    },
    { number: 5, title: "an interpreter that is not there", spec: { language: "cobol", source: "DISPLAY 1" }, outcome: "spawn_error" },
    {
      number: 7,
      title: "memory hog",
      spec: { ...python("data = []\nwhile True: data.append(bytearray(1 << 20))"), limits: { memoryBytes: 48 * MIB } },
      outcome: "out_of_memory",
      check: (result) => {
        assert.ok(result.evidence.oomKills > 0);
        assert.match(result.message, /^Killed at its 48 MiB memory limit/);
      },
    },
    {
      number: 8,
      title: "a child hog is killed, the parent exits with 0",
      spec: { ...bash("python3 -c 'data = []\nwhile True: data.append(bytearray(1 << 20))'; exit 0"), limits: { memoryBytes: 48 * MIB } },
      outcome: "out_of_memory",
      check: (result) => assert.ok(result.evidence.oomKills > 0),
    },
    {
      number: 9,
      title: "/dev/shm is charged to the run",
      spec: { ...bash("head -c 60000000 /dev/zero > /dev/shm/hog; sleep 5"), limits: { memoryBytes: 32 * MIB } },
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
    {
      number: 15,
      title: "a sleep beyond the timeout",
      spec: { ...bash("echo before; sleep 60; echo after"), limits: { timeoutMs: 600 } },
      outcome: "timeout",
      check: (result, output) => {
        assert.equal(output.stdout, "before\n");
        assert.ok(result.usage.wallMs >= 600);
        assert.match(result.message, /time limit of 600 ms/);
      },
    },
    {
      number: 16,
      title: "traps TERM, INT and HUP",
      spec: { ...bash("trap '' TERM INT HUP; while :; do sleep 1; done"), limits: { timeoutMs: 500 }, gracePeriodMs: 300 },
      outcome: "timeout",
      check: (result) => within(result, 5_000),
    },
    {
      number: 1601,
      title: "gets SIGTERM and the grace to clean up",
      spec: { ...bash("trap 'echo cleaned; exit 0' TERM; sleep 60 & wait"), limits: { timeoutMs: 500 }, gracePeriodMs: 5_000 },
      outcome: "timeout",
      check: (result, output) => {
        assert.equal(output.stdout, "cleaned\n");
        within(result, 4_000);
      },
    },
    { number: 17, title: "stops itself", spec: { ...bash("kill -STOP $$"), limits: { timeoutMs: 500 }, gracePeriodMs: 200 }, outcome: "timeout" },
    {
      number: 18,
      title: "double fork and setsid",
      spec: python("import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    time.sleep(300)\n  os._exit(0)\nprint('parent done')"),
      outcome: "succeeded",
      check: (result, output) => {
        assert.equal(output.stdout, "parent done\n");
        assert.equal(result.evidence.leftoverProcesses, 1);
        within(result, 5_000);
      },
    },
    {
      number: 19,
      title: "a daemon holds stdout open",
      spec: bash("setsid sleep 300 & echo done"),
      outcome: "succeeded",
      check: (result, output) => {
        assert.equal(output.stdout, "done\n");
        assert.equal(result.evidence.leftoverProcesses, 1);
        within(result, 5_000);
      },
    },
    {
      number: 20,
      title: "twenty nohup daemons",
      spec: bash("for i in $(seq 20); do nohup sleep 300 >/dev/null 2>&1 & done; echo done"),
      outcome: "succeeded",
      check: (result) => assert.equal(result.evidence.leftoverProcesses, 20),
    },
    {
      number: 21,
      title: "a flood of stdout, ended at the limit",
      spec: { ...bash(`head -c ${floodBytes} /dev/zero | tr '\\0' x; echo end`), limits: { outputMaxBytes: MIB }, onOutputLimit: "end" },
      outcome: "output_limit",
      check: (result) => assert.ok(result.evidence.keptBytes <= MIB),
    },
    {
      number: 22,
      title: "a flood of stdout, head and tail kept",
      spec: { ...bash(`echo start; head -c ${floodBytes} /dev/zero | tr '\\0' x; echo; echo end`), limits: { outputMaxBytes: MIB } },
      outcome: "succeeded",
      check: (result, output) => {
        assert.ok(output.stdout.startsWith("start\nxxx"));
        assert.ok(output.stdout.endsWith("xxx\nend\n"));
        assert.equal(output.markers, 1);
        assert.equal(result.output.stdoutBytes, floodBytes + 11);
        assert.equal(result.evidence.keptBytes + result.output.droppedBytes, result.output.stdoutBytes);
        assert.ok(result.evidence.keptBytes <= MIB);
      },
    },
    {
      number: 23,
      title: "yes",
      spec: { ...bash("yes"), limits: { outputMaxBytes: 256 * 1024, timeoutMs: 1_000 }, gracePeriodMs: 100 },
      outcome: "timeout",
      check: (result) => assert.ok(result.output.droppedBytes > 0),
    },
    {
      number: 25,
      title: "bash fork bomb",
      spec: { ...bash("bomb() { bomb | bomb & }; bomb; sleep 60; exit 1"), limits: { pidsMax: 32, timeoutMs: 5_000 }, gracePeriodMs: 100 },
      outcome: "timeout",
      check: (result) => {
        assert.ok(result.evidence.pidsLimitHits > 0);
        assert.ok(result.usage.pidsPeak <= 32);
      },
    },
    {
      number: 26,
      title: "python fork bomb",
      spec: { ...python("import os, time\nwhile True:\n  if os.fork() == 0: time.sleep(60)"), limits: { pidsMax: 24 } },
      outcome: "process_limit",
    },
    {
      number: 27,
      title: "more children than allowed",
      spec: { ...python("import subprocess\nprint(len([subprocess.Popen(['sleep', '60']) for _ in range(100)]))"), limits: { pidsMax: 24 } },
      outcome: "process_limit",
      check: (result) => assert.ok(result.evidence.pidsLimitHits > 0),
    },
    {
      number: 28,
      title: "threads count as processes",
      spec: {
        ...python("import threading, time\nfor _ in range(100): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"),
        limits: { pidsMax: 24 },
      },
      outcome: "process_limit",
      check: (result) => assert.ok(result.usage.pidsPeak <= 24),
    },
    {
      number: 29,
      title: "thirty spinners at a fiftieth of a core die at once",
      spec: { ...bash("for i in $(seq 30); do while :; do :; done & done; wait"), limits: { cpuMillis: 20, timeoutMs: 3_000 }, gracePeriodMs: 0 },
      outcome: "timeout",
      check: (result) => within(result, 9_000),
    },
    {
      number: 30,
      title: "kills every process it can see",
      spec: bash("for pid in $(ls /proc | grep -E '^[0-9]+$' | sort -rn); do [ $pid != $$ ] && kill -9 $pid 2>/dev/null; done; kill -9 -1; echo alive"),
      outcome: "succeeded",
      check: (_result, output) => assert.equal(output.stdout, "alive\n"),
    },
    {
      number: 32,
      title: "no network",
      spec: python(
        "import socket\ntry:\n  socket.create_connection(('127.0.0.1', 22), 1)\n  print('reached')\nexcept OSError as error:\n  print('refused')\nprint(sorted(i[1] for i in socket.if_nameindex()))",
      ),
      outcome: "succeeded",
      check: (_result, output) => assert.equal(output.stdout, "refused\n['lo']\n"),
    },
    {
      number: 33,
      title: "no way to cgroups, mounts or namespaces, no capability",
      spec: bash(
        [
          "ls -A /sys 2>/dev/null | wc -l",
          "mount -t tmpfs none /tmp 2>/dev/null && echo mounted",
          "unshare -U true 2>/dev/null && echo unshared",
          "unshare -n true 2>/dev/null && echo netns",
          "touch /usr/x 2>/dev/null && echo wrote-usr",
          "touch /x /etc/x /dev/x 2>/dev/null && echo wrote-root",
          "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'",
          "true",
        ].join("\n"),
      ),
      outcome: "succeeded",
      check: (_result, output) => assert.equal(output.stdout, "0\nCapEff:0000000000000000\nCapBnd:0000000000000000\nNoNewPrivs:1\nSeccomp:2\n"),
    },
    {
      number: 34,
      title: "can't raise its descriptor limit",
      spec: bash("ulimit -n 100000 2>/dev/null && echo raised; ulimit -n"),
      outcome: "succeeded",
      check: (_result, output) => assert.equal(output.stdout, "1024\n"),
    },
    {
      number: 35,
      title: "a locked directory tree, a loop of links and a fifo",
      spec: bash("mkdir -p a/b/c; ln -s . a/loop; mkfifo a/fifo; touch a/b/c/f; chmod -R 000 a; exit 0"),
      outcome: "succeeded",
    },
    {
      number: 36,
      title: "a link to a host file stays a link",
      spec: bash("ln -s /etc/shadow stolen; cat stolen 2>/dev/null && exit 1; exit 0"),
      outcome: "succeeded",
    },
    {
      number: 37,
      title: "finds no descriptor of the launch chain",
      spec: bash("echo '{\"exit-code\": 0}' >&3 2>/dev/null; ls /proc/self/fd | tr '\\n' ' '; exit 5"),
      outcome: "exit_nonzero",
      check: (result, output) => {
        assert.equal(result.exitCode, 5);
        // 3 is ls's own, of the directory it reads.
        assert.equal(output.stdout, "0 1 2 3 ");
      },
    },
    {
      number: 38,
      title: "an environment of its own, and no secret of the worker's",
      spec: {
        ...bash("env | sort | cut -d= -f1 | tr '\\n' ' '; tr '\\0' '\\n' < /proc/1/environ | grep -c SECRET; ls /root /home /mnt 2>/dev/null | wc -l"),
        env: { GIVEN: "1" },
      },
      outcome: "succeeded",
      check: (_result, output) => {
        const [names = "", rest = ""] = output.stdout.split(/(?<=_ )/);
        assert.equal(names, "CORRAL_ATTEMPT CORRAL_RUN_ID GIVEN HOME LANG PATH PWD SHLVL TMPDIR _ ");
        assert.equal(rest, "0\n0\n");
      },
    },
    {
      number: 42,
      title: "cancel ends the whole tree",
      spec: { ...bash("setsid sleep 300 & sleep 300 & echo up; trap '' TERM; sleep 300"), gracePeriodMs: 200 },
      cancelAtOutput: true,
      outcome: "cancelled",
      check: (result) => within(result, 10_000),
    },
    {
      number: 3801,
      title: "a host of its own: a user, names, certificates, and nothing else of /etc",
      spec: bash(
        "id -un; getent hosts localhost | wc -l; test -s /etc/ld.so.cache && echo cache; awk 'BEGIN { print \"awk\" }'; date +%Z | wc -l; cat /etc/hostname /etc/shadow /etc/fstab 2>/dev/null | wc -c; touch /etc/hosts 2>/dev/null && echo wrote; exit 0",
      ),
      outcome: "succeeded",
      check: (_result, output) => assert.equal(output.stdout, "script\n1\ncache\nawk\n1\n0\n"),
    },
    {
      number: 50,
      title: "PATH and working directory can't be hijacked by what it leaves in its workspace",
      spec: { ...bash("echo 'echo hijacked' > ls; chmod +x ls; ls | head -1"), env: {} },
      outcome: "succeeded",
      check: (_result, output) => assert.ok(!output.stdout.includes("hijacked")),
    },
  ];
}

import { MIB, bash, python } from "../conformance/case.ts";
import type { PartialSpec } from "../conformance/spec.ts";
import type { ExecutionOutcome } from "../types.ts";

/** One way of being a nuisance, and what has to be said of it. `cancel`: it is cancelled once it has printed something. */
export type Kind = { title: string; spec: PartialSpec; outcome: ExecutionOutcome; cancel?: true };

const SHORT = { timeoutMs: 400 };

export const KINDS: Kind[] = [
  { title: "ends well", spec: bash("echo ok"), outcome: "succeeded" },
  { title: "ends badly", spec: bash("exit 9"), outcome: "exit_nonzero" },
  { title: "claims to be killed", spec: bash("exit 137"), outcome: "exit_nonzero" },
  { title: "crashes", spec: bash("kill -SEGV $$"), outcome: "signal" },
  { title: "kills everything", spec: bash("kill -9 -1; exit 0"), outcome: "succeeded" },
  {
    title: "hogs memory",
    spec: { ...python("data = []\nwhile True: data.append(bytearray(b'x' * (1 << 20)))"), limits: { memoryBytes: 32 * MIB } },
    outcome: "out_of_memory",
  },
  {
    title: "hides a child that hogs memory",
    spec: { ...bash("python3 -c \"data = []\nwhile True: data.append(bytearray(b'x' * (1 << 20)))\"; exit 0"), limits: { memoryBytes: 32 * MIB } },
    outcome: "out_of_memory",
  },
  {
    title: "forks without end",
    spec: { ...python("import os, time\nwhile True:\n  if os.fork() == 0: time.sleep(60)"), limits: { pidsMax: 16 } },
    outcome: "process_limit",
  },
  { title: "bombs", spec: { ...bash("b() { b | b & }; b; sleep 60"), limits: { pidsMax: 16, ...SHORT }, gracePeriodMs: 50 }, outcome: "timeout" },
  { title: "leaves daemons", spec: bash("for i in 1 2 3 4; do setsid nohup sleep 300 >/dev/null 2>&1 & done"), outcome: "succeeded" },
  {
    title: "forks twice and holds its output",
    spec: python("import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(300)\n  os._exit(0)"),
    outcome: "succeeded",
  },
  {
    title: "ignores every polite word",
    spec: { ...bash("trap '' TERM INT HUP; while :; do sleep 1; done"), limits: SHORT, gracePeriodMs: 50 },
    outcome: "timeout",
  },
  { title: "stops itself", spec: { ...bash("kill -STOP $$"), limits: SHORT, gracePeriodMs: 50 }, outcome: "timeout" },
  { title: "spins", spec: { ...bash("while :; do :; done"), limits: { ...SHORT, cpuMillis: 100 }, gracePeriodMs: 0 }, outcome: "timeout" },
  { title: "floods", spec: { ...bash("head -c 20000000 /dev/zero | tr '\\0' x"), limits: { outputMaxBytes: 65_536 } }, outcome: "succeeded" },
  {
    title: "floods and is ended",
    spec: { ...bash("yes"), limits: { outputMaxBytes: 65_536 }, onOutputLimit: "end", gracePeriodMs: 0 },
    outcome: "output_limit",
  },
  { title: "fills its workspace", spec: { ...bash("head -c 20000000 /dev/zero > big || exit 9"), limits: { diskMaxBytes: 4 * MIB } }, outcome: "disk_limit" },
  {
    title: "locks its files away",
    spec: bash("mkdir -p a/b; ln -s . a/loop; mkfifo a/f; ln -s /etc/shadow a/s; chmod -R 000 a; exit 0"),
    outcome: "succeeded",
  },
  {
    title: "writes to its gate",
    spec: python("import os\nos.write(os.open('/proc/1/fd/6', os.O_RDWR), b'echo stolen; go=yes; return 0\\n')"),
    outcome: "succeeded",
  },
  { title: "reads a large stdin", spec: { ...bash("[ $(wc -c) = 300000 ]"), stdin: "x".repeat(300_000) }, outcome: "succeeded" },
  {
    title: "has a network",
    spec: {
      ...python("import socket\ns = socket.socket(); s.settimeout(1)\ntry: s.connect(('169.254.169.254', 80)); raise SystemExit(3)\nexcept OSError: pass"),
      network: true,
    },
    outcome: "succeeded",
  },
  { title: "speaks no known language", spec: { ...bash("true"), language: "cobol" }, outcome: "spawn_error" },
  { title: "brings too many arguments", spec: { ...bash("true"), args: ["x".repeat(200_000)] }, outcome: "spawn_error" },
  { title: "is cancelled", spec: { ...bash("setsid sleep 300 & echo up; sleep 300"), gracePeriodMs: 50 }, outcome: "cancelled", cancel: true },
];

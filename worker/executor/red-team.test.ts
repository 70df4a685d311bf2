import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { specOf } from "./conformance/spec.ts";
import { createExecutor } from "./executor.ts";
import type { Executor, Isolation } from "./types.ts";

// What docs/red-team.md says holds, tried: each line is one attempt to get out or to lie, and how it is refused.

const ATTEMPTS: [what: string, python: string, answer: string][] = [
  ["rewrite the reporter's memory", "os.open('/proc/1/mem', os.O_RDWR)", "EROFS"],
  ["speak on the reporter's channel", "os.open('/proc/1/fd/2', os.O_WRONLY)", "ENXIO"],
  ["escape the OOM killer", "open('/proc/self/oom_score_adj', 'w')", "EROFS"],
  ["change the kernel's settings", "open('/proc/sys/kernel/core_pattern', 'w')", "EACCES EROFS"],
  ["read the kernel's log", "open('/proc/kmsg')", "EACCES"],
  ["read the machine's memory", "open('/dev/mem', 'rb')", "ENOENT"],
  ["use a disk directly", "os.mknod('/tmp/disk', 0o666 | stat.S_IFBLK, os.makedev(8, 0))", "EPERM"],
  ["write to system files", "open('/usr/bin/ls', 'r+')", "EACCES EROFS"],
  ["change the password file", "open('/etc/passwd', 'w')", "EACCES EROFS"],
  ["reach the host's root", "open('/proc/1/root/etc/shadow')", "ENOENT"],
  ["find the cgroup file system", "os.listdir('/sys/fs/cgroup')", "ENOENT"],
  ["become root", "os.setuid(0)", "EINVAL EPERM"],
  ["take another uid", "os.setuid(1001)", "EINVAL EPERM"],
  ["take a group", "os.setgroups([0])", "EPERM"],
  ["make itself preferred", "os.nice(-5)", "EPERM"],
  ["run in real time", "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))", "EPERM"],
  ["set the clock", "time.clock_settime(time.CLOCK_REALTIME, 0)", "EPERM"],
  ["lock memory without end", "resource.setrlimit(resource.RLIMIT_MEMLOCK, (2**40, 2**40))", "EPERM"],
  ["open more files", "resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))", "EPERM"],
  ["signal what is outside", "os.kill(99999999, 9)", "ESRCH"],
  ["make itself a way back in", "os.chmod('/usr/bin', 0o777)", "EROFS"],
];

const SOURCE = `
import errno, json, os, resource, stat, sys, time
answers = []
for code in json.loads(sys.argv[1]):
  try:
    eval(code)
    answers.append("DONE")
  except ValueError:
    # Python's own word for EPERM where a limit is raised.
    answers.append("EPERM")
  except OSError as error:
    answers.append(errno.errorcode[error.errno])
print(json.dumps(answers))`;

describe.each<Isolation>(["user-namespaces", "root"])("isolated by %s, a script can't", (isolation) => {
  const directory = mkdtempSync(join(tmpdir(), "corral-red-team-"));
  let executor: Executor;
  let answers: string[] = [];

  const run = async (source: string, args: string[] = []) => {
    const parts: Buffer[] = [];
    const result = await executor.execute(specOf({ language: "python", source, args }), { onOutput: ({ bytes }) => void parts.push(bytes) });
    return { result, said: Buffer.concat(parts).toString() };
  };

  beforeAll(async () => {
    executor = await createExecutor({ directory, instance: `red-${isolation}-${process.pid}`, allowUnenforced: false, maxConcurrent: 1, isolation });
    const { said } = await run(SOURCE, [JSON.stringify(ATTEMPTS.map(([, python]) => python))]);
    answers = JSON.parse(said) as string[];
  });
  afterAll(async () => {
    await executor.close();
    rmSync(directory, { recursive: true });
  });

  test.each(ATTEMPTS.map(([what, , refusal], index) => ({ what, refusal, index })))("$what", ({ refusal, index }) => {
    expect(refusal.split(" ")).toContain(answers[index]);
  });

  test("leave a program at its gate for the next script of its slot", async () => {
    // A slot's pipes are used again: what the one wrote must not be what the next runs.
    const left = "import os\nfd = os.open('/proc/1/fd/6', os.O_RDWR)\nos.write(fd, b'echo stolen; go=yes; return 0\\n' * 100)";
    expect((await run(left)).result.outcome).toBe("succeeded");
    for (let round = 0; round < 3; round += 1) expect(await run("print('mine')")).toMatchObject({ result: { outcome: "succeeded" }, said: "mine\n" });
  });

  test("leave output behind for the next script of its slot", async () => {
    const source = "import os, time\nif os.fork() == 0:\n  os.setsid()\n  while True: os.write(1, b'left over ' * 1000)";
    expect((await run(source)).result.outcome).toBe("succeeded");
    expect((await run("print('mine')")).said).toBe("mine\n");
  });

  test("end as succeeded after the kernel killed one of its processes for memory", async () => {
    const { result } = await run("import os\nif os.fork() == 0:\n  data = []\n  while True: data.append(bytearray(1 << 20))\nos.wait()");
    expect(result.outcome).toBe("out_of_memory");
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { specOf } from "./conformance/spec.ts";
import { createExecutor } from "./executor.ts";
import { deniedCalls } from "./seccomp.ts";
import type { Executor } from "./types.ts";

const directory = mkdtempSync(join(tmpdir(), "corral-seccomp-"));
let executor: Executor;
beforeAll(async () => {
  executor = await createExecutor({ directory, instance: `seccomp-${process.pid}`, allowUnenforced: false, maxConcurrent: 1 });
});
afterAll(async () => {
  await executor.close();
  rmSync(directory, { recursive: true });
});

/** What a Python script prints, as JSON. */
async function told(source: string, args: string[] = []): Promise<unknown> {
  const parts: Buffer[] = [];
  const result = await executor.execute(specOf({ language: "python", source, args }), { onOutput: ({ bytes }) => void parts.push(bytes) });
  expect([result.outcome, result.message]).toEqual(["succeeded", result.message]);
  return JSON.parse(Buffer.concat(parts).toString());
}

test("every call on the list is refused by the filter, whatever its arguments", async () => {
  const source = `
import ctypes, errno, json, sys
libc = ctypes.CDLL(None, use_errno=True)
answers = {}
for name, number in json.loads(sys.argv[1]).items():
  ctypes.set_errno(0)
  libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
  answers[name] = errno.errorcode.get(ctypes.get_errno(), "none")
print(json.dumps(answers))`;
  const calls = deniedCalls();
  expect(Object.keys(calls).length).toBeGreaterThan(60);
  expect(await told(source, [JSON.stringify(calls)])).toEqual(Object.fromEntries(Object.keys(calls).map((name) => [name, "EPERM"])));
});

test("sockets are for the network and for neighbours inside; leases, directory notices and typing into a terminal are for nobody", async () => {
  const source = `
import errno, fcntl, json, socket, termios
def attempt(run):
  try:
    run()
    return "allowed"
  except OSError as error:
    return errno.errorcode[error.errno]
families = { "unix": 1, "inet": 2, "inet6": 10, "netlink": 16, "packet": 17, "alg": 38, "vsock": 40, "bluetooth": 31, "can": 29, "xdp": 44, "key": 15 }
answers = { name: attempt(lambda: socket.socket(family, socket.SOCK_RAW if family in (16, 17) else socket.SOCK_STREAM)) for name, family in families.items() }
mine = open("mine", "w")
answers["lease"] = attempt(lambda: fcntl.fcntl(mine, fcntl.F_SETLEASE, fcntl.F_WRLCK))
answers["notify"] = attempt(lambda: fcntl.fcntl(mine, fcntl.F_NOTIFY, 1))
answers["lock"] = attempt(lambda: fcntl.lockf(mine, fcntl.LOCK_EX))
answers["type"] = attempt(lambda: fcntl.ioctl(mine, termios.TIOCSTI, b"x"))
print(json.dumps(answers))`;
  const unsupported = Object.fromEntries(["packet", "alg", "vsock", "bluetooth", "can", "xdp", "key"].map((name) => [name, "EAFNOSUPPORT"]));
  const allowed = Object.fromEntries(["unix", "inet", "inet6", "netlink", "lock"].map((name) => [name, "allowed"]));
  expect(await told(source)).toEqual({ ...unsupported, ...allowed, lease: "EPERM", notify: "EPERM", type: "EPERM" });
});

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { nothingLeft } from "./conformance/left.ts";
import { specOf } from "./conformance/spec.ts";
import { createExecutor } from "./executor.ts";
import { refusedRanges } from "./network.ts";
import type { Executor, Isolation } from "./types.ts";

// A second host, for what a script may reach: a network namespace at the other end of a cable. Its addresses are from a range
// that is for documentation (RFC 5737).
const OUTSIDE = "198.51.100.2";
const CABLE = `corral${process.pid}`;
let outside: ChildProcess;
const inside = createServer((socket) => socket.end("of this host"));

const ip = (...args: string[]) => {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
};

beforeAll(async () => {
  inside.listen(0, "0.0.0.0");
  await once(inside, "listening");
  const { port } = inside.address() as AddressInfo;
  const program = `require("net").createServer((socket) => socket.end("of another")).listen(${port}, "0.0.0.0", () => console.log("up"))`;
  outside = spawn("unshare", ["--net", process.execPath, "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(outside.stdout ?? outside, "data");
  ip("link", "add", CABLE, "type", "veth", "peer", "name", "eth0", "netns", String(outside.pid));
  ip("address", "add", "198.51.100.1/30", "dev", CABLE);
  ip("link", "set", CABLE, "up");
  const there = (...args: string[]) => spawnSync("nsenter", ["--net", `--target=${outside.pid}`, "ip", ...args], { stdio: "inherit" });
  there("address", "add", `${OUTSIDE}/30`, "dev", "eth0");
  there("link", "set", "eth0", "up");
});
afterAll(() => {
  inside.close();
  outside.kill("SIGKILL");
});

const ASK = `
import socket, sys
for address in sys.argv[2:]:
  try:
    with socket.create_connection((address, int(sys.argv[1])), 3) as s: print(address, s.recv(100).decode())
  except OSError as error: print(address, "refused")
print(sorted(i[1] for i in socket.if_nameindex()))
`;

describe.each<Isolation>(["user-namespaces", "root"])("a network of its own, isolated by %s", (isolation) => {
  const directory = mkdtempSync(join(tmpdir(), "corral-network-"));
  let executor: Executor;
  beforeAll(async () => {
    executor = await createExecutor({ directory, instance: `network-${isolation}-${process.pid}`, allowUnenforced: false, maxConcurrent: 2, isolation });
  });
  afterAll(async () => {
    await executor.close();
    rmSync(directory, { recursive: true });
  });

  const ask = async (network: boolean, addresses: string[]) => {
    const lines: string[] = [];
    const { port } = inside.address() as AddressInfo;
    const spec = specOf({ language: "python", source: ASK, args: [String(port), ...addresses], network });
    const { outcome, evidence } = await executor.execute(spec, { onOutput: ({ bytes }) => void lines.push(bytes.toString()) });
    expect(outcome).toBe("succeeded");
    await nothingLeft(evidence.cgroup);
    return { said: lines.join("").trim().split("\n"), network: evidence.network };
  };

  test("reaches the world, and neither this host nor its cloud's metadata", async () => {
    const own = refusedRanges().flatMap((range) => (range.endsWith("/32") ? [range.slice(0, -3)] : []));
    expect(own).toContain("198.51.100.1");
    const refused = ["127.0.0.1", "169.254.169.254", "169.254.170.2", ...own, "198.18.77.2"];
    const { said, network } = await ask(true, [OUTSIDE, ...refused]);
    expect(network).toBe("isolated");
    expect(said).toEqual([`${OUTSIDE} of another`, ...refused.map((address) => `${address} refused`), "['lo', 'tap0']"]);
  });

  test("without being asked for there is none", async () => {
    expect(await ask(false, [OUTSIDE, "127.0.0.1"])).toEqual({ network: "off", said: [`${OUTSIDE} refused`, "127.0.0.1 refused", "['lo']"] });
  });

  test("can't be changed by the script, and its router is gone with it", async () => {
    const lines: string[] = [];
    const source = "ip route flush table main 2>/dev/null && echo flushed; ip link set tap0 down 2>/dev/null && echo down; ip route | grep -c unreachable";
    const { outcome } = await executor.execute(specOf({ language: "bash", source, network: true }), {
      onOutput: ({ bytes }) => void lines.push(bytes.toString()),
    });
    expect([outcome, lines.join("")]).toEqual(["succeeded", `${refusedRanges().length}\n`]);
    await executor.close();
    await nothingLeft(`/corral-network-${isolation}-${process.pid}`);
  });
});

test("the host's own addresses are among what is refused, its loopback is refused already", () => {
  const address = (text: string, family: "IPv4" | "IPv6") => ({ address: text, family, internal: false, mac: "", netmask: "", cidr: null, scopeid: 0 });
  const interfaces = { lo: [address("127.0.0.1", "IPv4")], eth0: [address("192.0.2.7", "IPv4"), address("2001:db8::7", "IPv6")] };
  expect(refusedRanges(interfaces as never)).toEqual(["169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "192.0.2.7/32"]);
});

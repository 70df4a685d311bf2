import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import type { Duplex } from "node:stream";

import type { Cgroup } from "./cgroup/driver.ts";
import { FD } from "./reporter.ts";
import type { Isolation } from "./types.ts";

/** The programs that give a sandbox a network of its own; all of them, or scripts get the host's. */
export type NetworkTools = {
  slirp4netns: string;
  unshare: string;
  ip: string;
  /** Only root may open this host's /dev/net/tun, as where no udev has set it up: the router gets to see one that it may open. */
  tunIsRoots: boolean;
};

/** The network that a script sees: a range that is for tests of networks (RFC 2544), so that no host's own is hidden by it. */
const RANGE = "198.18.77.0/24";
/** Where it finds a resolver: slirp4netns passes on what comes here to the host's. */
export const RESOLVER = "198.18.77.3";

const MIB = 1024 ** 2;
const ROUTER_LIMITS = { timeoutMs: 0, memoryBytes: 96 * MIB, cpuMillis: 1000, pidsMax: 16, outputMaxBytes: 0, diskMaxBytes: 0 };
const READY_FD = 3;
const EXIT_FD = 4;
const READY_TIMEOUT_MS = 10_000;
/** In a mount namespace of the router's own: the same device with the mode that udev gives it, so that the host's stays as it is. */
const SHOW_TUN = 'mount -t tmpfs -o mode=0755,size=64k tmpfs /dev/net && mknod -m 0666 /dev/net/tun c 10 200 && exec "$@"';

/**
 * Addresses that answer for the machine instead of the world: the metadata services of clouds (all of link-local; Alibaba's,
 * Azure's and Oracle's own), which hand out the machine's credentials, and the host's own addresses, with whatever listens there.
 */
export function refusedRanges(interfaces = networkInterfaces()): string[] {
  const own = Object.values(interfaces).flatMap((addresses) =>
    (addresses ?? []).filter(({ family }) => family === "IPv4").map(({ address }) => `${address}/32`),
  );
  return [...new Set(["169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", ...own.filter((range) => !range.startsWith("127."))])];
}

/** What the last link before bubblewrap says once its network namespace is there. */
export const NETWORK_MADE = /^network$/m;
/** The answer it waits for: the router is connected. */
export const NETWORK_UP = "up\n";

/**
 * That link: in a network namespace where it may still set routes, which the script later may not. It refuses ranges by
 * routes that lead nowhere, then becomes bubblewrap.
 */
const HOLD = [
  `echo network >&${FD.report}`,
  `read -r word <&${FD.args} && [ "$word" = up ] || exit 119`,
  "ip=$1; count=$2; shift 2",
  'while [ "$count" -gt 0 ]; do "$ip" route add unreachable "$1" 2>/dev/null || "$ip" route replace unreachable "$1" || exit 119; shift; count=$((count - 1)); done',
  'exec "$@"',
].join("\n");

/** Puts the making of a network namespace before a launch chain's bubblewrap. */
export function withNetworkNamespace({ unshare, ip }: NetworkTools, isolation: Isolation, chain: string[]): string[] {
  const refused = refusedRanges();
  const namespaces = isolation === "root" ? ["--net"] : ["--user", "--map-root-user", "--net"];
  return [unshare, ...namespaces, "--", "/bin/sh", "-c", HOLD, "sh", ip, String(refused.length), ...refused, ...chain];
}

/**
 * Connects a network namespace to the host's network, through slirp4netns as the sandbox's own uid: a script reaches what
 * an ordinary process could, but for the host's loopback. It runs outside the sandbox, in a cgroup of its own, and ends with
 * this process at the latest.
 * @param pid a process in that namespace
 * @param drop the command that gives up the worker's rights first
 * @throws when it does not come up
 */
export async function startRouter({ slirp4netns, unshare, tunIsRoots }: NetworkTools, pid: number, drop: string[], cgroup: Cgroup): Promise<ChildProcess> {
  cgroup.setLimits(ROUTER_LIMITS);
  // It goes on as long as its script does: no more than a script's share of a busy CPU.
  cgroup.endHeadStart();
  const join = cgroup.joinFiles.map((file) => `echo 0 >'${file}' || exit 119`).join("\n");
  const options = ["--configure", "--mtu=65520", `--cidr=${RANGE}`, "--disable-host-loopback", "--enable-sandbox", "--enable-seccomp"];
  const show = tunIsRoots && drop.length > 0 ? [unshare, "--mount", "--propagation", "private", "--", "/bin/sh", "-c", SHOW_TUN, "sh"] : [];
  const command = [...show, ...drop, slirp4netns, ...options, `--ready-fd=${READY_FD}`, `--exit-fd=${EXIT_FD}`, String(pid), "tap0"];
  const child = spawn("/bin/sh", ["-c", `${join}\nexec "$@"`, "sh", ...command], {
    cwd: "/",
    env: { NODE_ENV: "production", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (data: Buffer) => (said = (said + data.toString()).slice(-500)));
  const failed = new Promise<never>((_resolve, reject) => child.once("error", reject));
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`the router of its network ended: ${said.trim()}`)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the router of its network did not come up.")), READY_TIMEOUT_MS);
  });
  failed.catch(() => undefined);
  ended.catch(() => undefined);
  for (const fd of [READY_FD, EXIT_FD]) child.stdio[fd]?.on("error", () => undefined);
  try {
    await Promise.race([once(child.stdio[READY_FD] as Duplex, "data"), failed, ended, late]);
    return child;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Tells a router to end: it watches a line that only this process holds. */
export function cutLine(router: ChildProcess): void {
  (router.stdio[EXIT_FD] as Duplex | null)?.destroy();
}

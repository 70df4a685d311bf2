import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where a worker runs: how its program is started there, and the address by which it reaches this machine. */
export type Host = { name: string; wrap: (command: string[]) => string[]; gateway: string; close: () => void };

/** This machine itself. */
export const localHost: Host = { name: "a", wrap: (command) => command, gateway: "127.0.0.1", close: () => undefined };

// A reboot takes every process, keeps the disk, and changes the boot id. The program is not the first process of its namespace, as it
// would not be on a host: that one inherits orphans.
const BOOT = `
hostname "$1"
cat /proc/sys/kernel/random/uuid > "$2"
mount --bind "$2" /proc/sys/kernel/random/boot_id
shift 2
"$@"
exit $?`;

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });

/**
 * Another host: network, processes, host name and boot of its own, on the same kernel.
 * @param index tells rigs that run at once apart
 */
export function openRemoteHost(index: number, directory: string): Host {
  const namespace = `corral-chaos-${index}`;
  const [near, far] = [`chaos${index}a`, `chaos${index}b`];
  const [gateway, address] = [`10.213.${index}.1`, `10.213.${index}.2`];
  const close = () => {
    // With one end of the cable goes the other.
    if (existsSync(join("/sys/class/net", near))) ip("link", "delete", near);
    if (existsSync(join("/var/run/netns", namespace))) ip("netns", "delete", namespace);
  };
  // Of a rig that was killed.
  close();
  ip("netns", "add", namespace);
  ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace);
  ip("address", "add", `${gateway}/30`, "dev", near);
  ip("link", "set", near, "up");
  ip("-n", namespace, "address", "add", `${address}/30`, "dev", far);
  ip("-n", namespace, "link", "set", far, "up");
  ip("-n", namespace, "link", "set", "lo", "up");
  // `ip netns exec` would mount another /sys, without its cgroups.
  const enter = ["nsenter", `--net=/var/run/netns/${namespace}`, "unshare", "--uts", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=SIGKILL"];
  return { name: "b", wrap: (command) => [...enter, "sh", "-c", BOOT, "sh", "host-b", join(directory, "boot-id"), ...command], gateway, close };
}

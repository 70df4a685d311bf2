import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { promisify } from "node:util";

import { TUN, findNetworkTools, findTools } from "../executor/tools.ts";
import { check, failed, ok, warning } from "./check.ts";
import type { Check, CheckResult } from "./check.ts";

const run = promisify(execFile);
const isRoot = () => process.getuid?.() === 0;
/** Whoever scripts may run as: somebody without rights. */
const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];

/** What sandboxes are made with. */
export function checkSandbox(): Promise<Check[]> {
  return Promise.all([
    check("bubblewrap", "bubblewrap", async () => {
      const { bubblewrap } = await findTools(isRoot());
      const { stdout } = await run(bubblewrap, ["--version"]);
      return ok(stdout.trim());
    }),
    check("user-namespaces", "User namespaces", userNamespaces),
    check("network", "Network of a run's own", network),
  ]);
}

async function userNamespaces(): Promise<CheckResult> {
  const command = [...(isRoot() ? NOBODY : []), "unshare", "--user", "--map-root-user", "true"];
  try {
    await run(command[0] ?? "", command.slice(1));
    return ok("ordinary users may make them");
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split("\n")
      .at(-1);
    const remedy =
      "Allow them: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000, and on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0.";
    if (isRoot())
      return warning(`This host refuses them to ordinary users (${said}): scripts are isolated with root's rights, given up before they begin.`, remedy);
    return failed(`This host refuses them (${said}), and without root nothing else isolates scripts.`, remedy);
  }
}

async function network(): Promise<CheckResult> {
  const remedy = "Install slirp4netns and iproute2: apt-get install slirp4netns iproute2 (or dnf, apk, pacman).";
  const without = "Runs that ask for network get this host's, with its loopback and its cloud's metadata service";
  try {
    accessSync(TUN, constants.R_OK | constants.W_OK);
  } catch {
    return warning(`${without}: there is no ${TUN} that can be opened.`, `Load it (modprobe tun), or give it to the container: --device ${TUN}.`);
  }
  if ((await findNetworkTools()) === null) return warning(`${without}: slirp4netns, unshare or ip is missing.`, remedy);
  return ok("slirp4netns, without a way to this host or cloud metadata");
}

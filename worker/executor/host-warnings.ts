import type { ExecutionGround } from "./result.ts";

/** What this host lacks and what follows, one sentence each. @param networkRefusal why a network of their own could not be given to scripts, where that was tried */
export function hostWarnings({ driver, isolation, network }: ExecutionGround, isRoot: boolean, networkRefusal: string | null): string[] {
  const warnings: string[] = [];
  if (driver === "none") {
    warnings.push("Scripts run WITHOUT kernel limits on this host (CORRAL_ALLOW_UNENFORCED=1): memory, CPU and process limits are not enforced.");
  }
  if (driver === "cgroup-v1") warnings.push("This host uses cgroup v1: an out-of-memory script is ended within a quarter of a second instead of at once.");
  if (network === "host") {
    const remedy =
      networkRefusal === null ? "With slirp4netns, iproute2 and /dev/net/tun each gets one of its own." : `slirp4netns could not be used: ${networkRefusal}`;
    warnings.push(`Runs that ask for network share this host's, with its loopback and its cloud's metadata service. ${remedy}`);
  }
  if (!isRoot) warnings.push("The worker is not root: all scripts share its uid, kept apart by namespaces alone.");
  if (isolation === "root") {
    warnings.push("This host refuses user namespaces to ordinary users: scripts are isolated with root's rights, given up before they begin.");
  }
  return warnings;
}

import type { Attempt } from "#server/contracts/runs.ts";
import { formatBytes, formatCpu, formatDuration } from "#server/contracts/units.ts";

export type Fact = { name: string; value: string };

const SENDERS: Record<string, string> = { corral: "Corral", oom_killer: "the kernel's OOM killer", script: "the script itself or its children" };
const DRIVERS: Record<string, string> = { "cgroup-v2": "cgroup v2", "cgroup-v1": "cgroup v1", none: "none (unenforced)" };
const ISOLATIONS: Record<string, string> = { "user-namespaces": "user namespaces", root: "root, without user namespaces" };
const NETWORKS: Record<string, string> = {
  off: "off",
  isolated: "on, its own: closed to this host and to cloud metadata",
  host: "on, the host’s: nothing was closed to it",
};

/** What an attempt's outcome rests on, as facts a person can read; what says nothing is left out. */
export function factsOf(attempt: Attempt): Fact[] {
  const { usage, limits, output } = attempt;
  const evidence = attempt.evidence ?? {};
  const number = (key: string) => (typeof evidence[key] === "number" ? evidence[key] : 0);
  const word = (key: string) => (typeof evidence[key] === "string" ? evidence[key] : null);
  const facts: (Fact | null | false)[] = [
    attempt.exitCode !== null && { name: "Exit code", value: String(attempt.exitCode) },
    attempt.signal !== null && {
      name: "Signal",
      value: word("signalSentBy") === null ? attempt.signal : `${attempt.signal}, from ${SENDERS[word("signalSentBy") ?? ""] ?? word("signalSentBy")}`,
    },
    number("oomKills") > 0 && { name: "OOM kills", value: String(number("oomKills")) },
    usage && { name: "Peak memory", value: `${formatBytes(usage.peakMemoryBytes)} of ${formatBytes(limits.memoryBytes)}` },
    usage && { name: "Duration", value: `${formatDuration(usage.wallMs)} of ${formatDuration(limits.timeoutMs)}` },
    usage && { name: "CPU time", value: `${formatDuration(usage.cpuMs)} (limit ${formatCpu(limits.cpuMillis)})` },
    usage && usage.throttledMs > 0 ? { name: "CPU throttled", value: formatDuration(usage.throttledMs) } : null,
    usage && { name: "Processes, peak", value: `${usage.pidsPeak} of ${limits.pidsMax}` },
    number("pidsLimitHits") > 0 && { name: "Process limit hit", value: `${number("pidsLimitHits")} ×` },
    evidence["thrashing"] === true && { name: "Memory", value: "Thrashing at its limit when time was up" },
    attempt.outcome === "disk_limit" && typeof evidence["diskFreeBytes"] === "number"
      ? { name: "Workspace free", value: `${formatBytes(number("diskFreeBytes"))} of ${formatBytes(limits.diskMaxBytes)}` }
      : null,
    output.droppedBytes > 0 && { name: "Output dropped", value: formatBytes(output.droppedBytes) },
    number("leftoverProcesses") > 0 && { name: "Processes left behind", value: `${number("leftoverProcesses")}, all ended` },
    word("driver") !== null && { name: "Enforced by", value: DRIVERS[word("driver") ?? ""] ?? word("driver") ?? "" },
    word("isolation") !== null && { name: "Isolated by", value: ISOLATIONS[word("isolation") ?? ""] ?? word("isolation") ?? "" },
    word("network") !== null && { name: "Network", value: NETWORKS[word("network") ?? ""] ?? word("network") ?? "" },
    word("detail") !== null && { name: "Reason", value: word("detail") ?? "" },
  ];
  return facts.filter((fact) => fact !== null && fact !== false);
}

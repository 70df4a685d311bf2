import type { Ground } from "./ground.ts";

/** What is held against a figure to reach. */
export type Verdict = {
  /** Which of the line's: a language, a quantile. */
  what: string;
  /** What Corral took or did, and what stands beside it, in words with their spread. */
  corral: string;
  beside: string;
  value: number;
  unit: "×" | "ms" | "%" | "MiB";
  reach: { most: number } | { least: number };
};

/** One line of the table: a workload, measured beside a peer in the same run. */
export type Line = {
  number: number;
  title: string;
  /** What stands beside it. */
  peer: string;
  measure: (ground: Ground) => Promise<Verdict[]>;
};

export const isReached = ({ value, reach }: Pick<Verdict, "value" | "reach">) => ("most" in reach ? value <= reach.most : value >= reach.least);

import assert from "node:assert/strict";

import type { ExecutionOutcome, ExecutionResult, Executor } from "../types.ts";
import type { PartialSpec } from "./spec.ts";

/** Where the cases run: which cgroups, and whose rights the worker has. */
export const GROUNDS = ["v1 root", "v1 delegated", "v2 root", "v2 delegated"] as const;
export type Ground = (typeof GROUNDS)[number];

type Named = {
  /** Stable number, as in the project's table of cases. */
  number: number;
  title: string;
  /** Grounds on which it can't be run, each with the reason. */
  notOn?: Partial<Record<Ground, string>>;
};

/** What a script tries, and what has to come of it on every ground. */
export type SpecCase = Named & {
  spec: PartialSpec;
  /** Aborts (cancels) the attempt as soon as it has printed something. */
  cancelAtOutput?: boolean;
  outcome: ExecutionOutcome;
  check?: (result: ExecutionResult, output: CapturedOutput) => void;
};

/** What a procedure has to work with. `directory` is its own, and empty. */
export type CaseContext = { executor: Executor; directory: string; ground: Ground };

/** What takes more than one script. @throws AssertionError */
export type ProcedureCase = Named & { run: (context: CaseContext) => Promise<void> };

export type ConformanceCase = SpecCase | ProcedureCase;

export type CapturedOutput = { stdout: string; stderr: string; chunks: Buffer[]; sequence: number[]; markers: number };

export const MIB = 1024 ** 2;

export const bash = (source: string) => ({ language: "bash", source });
export const python = (source: string) => ({ language: "python", source });

/** Asserts that an attempt took less than so many milliseconds. */
export function within(result: ExecutionResult, ms: number): void {
  assert.ok(result.usage.wallMs < ms, `it took ${result.usage.wallMs} ms, not below ${ms}`);
}

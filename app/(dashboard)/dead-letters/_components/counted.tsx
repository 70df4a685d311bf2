"use client";

import type { ReactNode } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { Notice } from "#app/_components/ui/notice.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";

import { deadLettersText, momentText } from "./bulk-text.ts";
import type { DryRun } from "./use-dry-run.ts";

/** The count, the moment it holds for, and what that means for what arrives later. */
export function Counted({ dryRun: { counted, error, isError }, deed }: { dryRun: DryRun; deed: string }) {
  if (counted === undefined) {
    return isError ? <>They could not be counted. {describeError(error).message}</> : <Skeleton className="h-10 w-full" />;
  }
  return (
    <>
      <strong className="font-semibold text-fg">{deadLettersText(counted.total)}</strong> {deed}. Counted as of {momentText(counted.asOf)}; those that arrive
      later are left alone.
    </>
  );
}

/** The deed's name with its count; without a count the deed is to count again. */
export function deedLabel(verb: string, { counted, isError }: DryRun): string {
  if (isError && counted === undefined) return "Count again";
  return counted === undefined ? verb : `${verb} ${counted.total.toLocaleString("en-US")}`;
}

/** What the server said when it refused the deed. */
export function Refused({ error }: { error: unknown }): ReactNode {
  if (error === null || error === undefined) return null;
  return (
    <div role="alert">
      <Notice tone="danger">{describeError(error).message}</Notice>
    </div>
  );
}

"use client";

import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { cx } from "#app/_components/ui/cx.ts";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { Switch } from "#app/_components/ui/switch.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { ComparedOutput, DiffHunk } from "#server/contracts/log.ts";

import { plainText } from "../log/ansi-segments.ts";

/** Beyond so many changed stretches the rest is in the downloads. */
const HUNKS_SHOWN = 50;
const REFRESH_MS = 5_000;
const LINE_CHARS = 600;

type OutputDiffProps = { runId: string; left: number; right: number; isRunning: boolean };

/** How what two attempts printed differs. */
export function OutputDiff({ runId, left, right, isRunning }: OutputDiffProps) {
  const trpc = useTRPC();
  const headingId = useId();
  const switchId = useId();
  const [ignoreVarying, setIgnoreVarying] = useState(true);
  const query = useQuery(
    trpc.runs.compareOutput.queryOptions(
      { id: runId, left, right, ignoreVarying },
      { refetchInterval: isRunning ? REFRESH_MS : false, staleTime: isRunning ? 0 : 60_000 },
    ),
  );
  return (
    <section aria-labelledby={headingId} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h3 id={headingId} className="text-sm font-medium">
          Output
        </h3>
        <span className="flex items-center gap-2 text-xs text-fg-muted">
          <Switch id={switchId} checked={ignoreVarying} onChange={(event) => setIgnoreVarying(event.target.checked)} />
          <label htmlFor={switchId}>Ignore numbers, times and ids</label>
        </span>
      </div>
      {query.data !== undefined ? (
        <Compared compared={query.data} left={left} right={right} />
      ) : query.isError ? (
        <ErrorState title="The outputs could not be compared" {...describeError(query.error)} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton className="h-40 w-full" />
      )}
    </section>
  );
}

function Compared({ compared, left, right }: { compared: ComparedOutput; left: number; right: number }) {
  const skipped = Math.max(compared.left.skipped, compared.right.skipped);
  return (
    <>
      {skipped > 0 && (
        <p className="text-xs text-fg-subtle">
          The last {compared.left.compared.toLocaleString("en-US")} and {compared.right.compared.toLocaleString("en-US")} lines are compared.
        </p>
      )}
      {compared.tooDifferent ? (
        <p className="text-fg-muted">They differ too much to be set against each other line by line.</p>
      ) : compared.hunks.length === 0 ? (
        <p className="text-fg-muted">
          {compared.left.compared === 0 && compared.right.compared === 0 ? "Neither printed anything." : "They printed the same."}
        </p>
      ) : (
        <div
          role="region"
          aria-label={`Differences from attempt ${left} to attempt ${right}`}
          tabIndex={0}
          className="max-h-[60vh] overflow-auto rounded-md border border-line bg-inset font-mono text-xs leading-5"
        >
          {compared.hunks.slice(0, HUNKS_SHOWN).map((hunk) => (
            <Hunk key={`${hunk.left}-${hunk.right}`} hunk={hunk} />
          ))}
        </div>
      )}
      {compared.hunks.length > HUNKS_SHOWN && (
        <p className="text-xs text-fg-subtle">
          The first {HUNKS_SHOWN} of {compared.hunks.length.toLocaleString("en-US")} differences.
        </p>
      )}
    </>
  );
}

const LOOKS = {
  same: { sign: " ", says: "", className: "" },
  removed: { sign: "−", says: "only in the first: ", className: "bg-danger-soft text-danger-fg" },
  added: { sign: "+", says: "only in the second: ", className: "bg-success-soft text-success-fg" },
} as const;

function Hunk({ hunk }: { hunk: DiffHunk }) {
  return (
    <div className="border-t border-line first:border-t-0">
      <p className="bg-subtle px-3 text-fg-subtle">
        line {hunk.left.toLocaleString("en-US")} → line {hunk.right.toLocaleString("en-US")}
      </p>
      {hunk.lines.map(({ kind, text }, index) => (
        <div key={index} className={cx("flex gap-2 px-3", LOOKS[kind].className)}>
          <span aria-hidden className="w-[1ch] shrink-0 select-none">
            {LOOKS[kind].sign}
          </span>
          {LOOKS[kind].says !== "" && <span className="sr-only">{LOOKS[kind].says}</span>}
          <span dir="ltr" className="min-w-0 break-words whitespace-pre-wrap [unicode-bidi:isolate]">
            {plainText(text.slice(0, LINE_CHARS))}
          </span>
        </div>
      ))}
    </div>
  );
}

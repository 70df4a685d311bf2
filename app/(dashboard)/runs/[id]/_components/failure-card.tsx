"use client";

import { RotateCw, SlidersHorizontal } from "lucide-react";
import { useQuery } from "@tanstack/react-query";

import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Detail, DetailList } from "#app/_components/ui/card.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { TONE_SOFT } from "#app/_components/ui/tone.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Attempt } from "#server/contracts/runs.ts";

import { factsOf } from "./evidence.ts";
import { plainText } from "./log/ansi-segments.ts";
import type { Suggestion } from "./suggest-retry.ts";

const LAST_LINES = 10;
/** A card is no place for a line of megabytes. */
const SHOWN_CHARS = 600;

type FailureCardProps = {
  runId: string;
  attempt: Attempt;
  onLine: (line: number) => void;
  /** Null when nothing can or may be done here. */
  retry: { suggestion: Suggestion | null; busy: boolean; onRetry: (limits: Suggestion["limits"]) => void; onChange: () => void } | null;
};

/** Why an attempt failed: the sentence, what it rests on, the last errors it printed, and what to do. */
export function FailureCard({ runId, attempt, onLine, retry }: FailureCardProps) {
  const outcome = attempt.outcome ?? "internal_error";
  const { label, sentence, tone, Icon } = OUTCOME_LOOKS[outcome];
  return (
    <section aria-label="Why it failed" className="overflow-hidden rounded-lg border border-line bg-surface shadow-sm">
      <header className={cx("flex flex-wrap items-start gap-x-3 gap-y-2 border-b px-4 py-3", TONE_SOFT[tone])}>
        <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="text-base font-semibold">
            {label} <span className="font-normal">in attempt {attempt.number}</span>
          </h2>
          <p className="text-fg">{attempt.message ?? sentence}</p>
        </div>
        {retry && (
          <div className="flex flex-wrap gap-2">
            {retry.suggestion && (
              <Button variant="primary" busy={retry.busy} onClick={() => retry.suggestion && retry.onRetry(retry.suggestion.limits)}>
                <RotateCw aria-hidden />
                {retry.suggestion.label}
              </Button>
            )}
            <Button onClick={retry.onChange}>
              <SlidersHorizontal aria-hidden />
              Retry with changes
            </Button>
          </div>
        )}
      </header>
      <div className="flex flex-col gap-4 p-4">
        <DetailList aria-label="Evidence">
          {factsOf(attempt).map((fact) => (
            <Detail key={fact.name} name={fact.name}>
              <span title={fact.value}>{fact.value}</span>
            </Detail>
          ))}
        </DetailList>
        <LastErrors runId={runId} attempt={attempt} onLine={onLine} />
      </div>
    </section>
  );
}

/** The end of stderr; each line leads to its place in the log. */
function LastErrors({ runId, attempt, onLine }: Pick<FailureCardProps, "runId" | "attempt" | "onLine">) {
  const trpc = useTRPC();
  const printed = attempt.output.stderrBytes > 0;
  const query = useQuery(
    trpc.runs.lines.queryOptions(
      { id: runId, attempt: attempt.number, view: "stderr", from: -LAST_LINES, count: LAST_LINES },
      { enabled: printed, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  if (!printed || query.isError) return null;
  const lines = query.data?.lines.filter((line) => line.droppedBytes === null) ?? [];
  // Its room is kept while it loads: what follows must not jump.
  if (query.data === undefined) return <Skeleton className="h-20 w-full" />;
  if (lines.length === 0) return null;
  return (
    <section aria-label="Last lines of stderr">
      <h3 className="pb-1 text-xs text-fg-subtle">Last {lines.length === 1 ? "line" : `${lines.length} lines`} of stderr</h3>
      <ol className="max-h-60 overflow-auto rounded-md border border-line bg-inset py-1 font-mono text-xs leading-6">
        {lines.map((line) => (
          <li key={line.line}>
            <button
              type="button"
              title="Show it in the output"
              className="flex w-full gap-3 px-3 text-left hover:bg-subtle focus-visible:-outline-offset-2"
              onClick={() => onLine(line.line)}
            >
              <span className="min-w-[7ch] shrink-0 text-right whitespace-nowrap text-fg-subtle tabular-nums">
                <span className="sr-only">Line </span>
                {line.line}
              </span>
              <span dir="ltr" className="min-w-0 break-words whitespace-pre-wrap [unicode-bidi:isolate]">
                {plainText(line.text.slice(0, SHOWN_CHARS))}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

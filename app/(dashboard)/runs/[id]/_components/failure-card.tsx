"use client";

import { RotateCw, SlidersHorizontal } from "lucide-react";
import { useSyncExternalStore } from "react";

import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Detail, DetailList } from "#app/_components/ui/card.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { TONE_SOFT } from "#app/_components/ui/tone.ts";
import type { Attempt } from "#server/contracts/runs.ts";

import { factsOf } from "./evidence.ts";
import { plainText } from "./log/ansi-segments.ts";
import type { LogStore } from "./log/log-store.ts";
import type { Suggestion } from "./suggest-retry.ts";

const LAST_LINES = 10;

type FailureCardProps = {
  attempt: Attempt;
  log: LogStore;
  /** Null when nothing can or may be done here. */
  retry: { suggestion: Suggestion | null; busy: boolean; onRetry: (limits: Suggestion["limits"]) => void; onChange: () => void } | null;
};

/** Why an attempt failed: the sentence, what it rests on, the last errors it printed, and what to do. */
export function FailureCard({ attempt, log, retry }: FailureCardProps) {
  const { lines } = useSyncExternalStore(log.subscribe, log.snapshot, log.snapshot);
  const outcome = attempt.outcome ?? "internal_error";
  const { label, sentence, tone, Icon } = OUTCOME_LOOKS[outcome];
  const errors = lines.flatMap((line) => (line.kind === "text" && line.stream === "stderr" ? [plainText(line.text)] : [])).slice(-LAST_LINES);
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
        {errors.length > 0 && (
          <div>
            <h3 className="pb-1 text-xs text-fg-subtle">Last {errors.length === 1 ? "line" : `${errors.length} lines`} of stderr</h3>
            <pre
              role="region"
              aria-label="Last lines of stderr"
              tabIndex={0}
              className="max-h-60 overflow-auto rounded-md border border-line bg-inset px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap"
            >
              {errors.join("\n")}
            </pre>
          </div>
        )}
      </div>
    </section>
  );
}

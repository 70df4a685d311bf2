import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ProgressBar } from "#app/_components/ui/limit-bar.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import type { BulkOperation } from "#server/contracts/dead-letters.ts";
import { formatDuration } from "#server/contracts/units.ts";

import { canaryWords, hasEnded, KIND_WORDS, OPERATION_LOOKS, timeLeftMs, toneOf } from "../../_components/operation-words.ts";

const number = (count: number) => count.toLocaleString("en-US");

/** How far it is, at what pace, what its canaries said, and what came of the runs. */
export function ProgressCard({ operation }: { operation: BulkOperation }) {
  const { total, done, succeeded, skipped, failed, status, kind, ratePerMinute, message } = operation;
  const canary = canaryWords(operation);
  const left = timeLeftMs(operation);
  const tone = toneOf(operation);
  return (
    <Card title="Progress" actions={<Badge tone={tone}>{OPERATION_LOOKS[status].label}</Badge>}>
      <p role="status" className="pb-2 text-fg-muted">
        <span className="text-lg font-semibold text-fg">{number(done)}</span> of {number(total)} done
        {ratePerMinute !== null && !hasEnded(operation) && <>, {number(ratePerMinute)} a minute at most</>}
        {left !== null && status !== "paused" && <>, about {formatDuration(Math.max(1_000, left))} left</>}
        {operation.finishedAt !== null && (
          <>
            , ended <RelativeTime at={operation.finishedAt} />
          </>
        )}
      </p>
      <ProgressBar label="Progress" value={done} max={total} tone={failed > 0 ? "danger" : tone} />
      {message !== null && (
        <Notice tone="warning" className="mt-3" title="Its canaries failed">
          {message}
        </Notice>
      )}
      {canary !== null && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 pt-3 text-fg-muted">
          {canary.verdict !== null && <Badge tone={canary.verdict.tone}>{canary.verdict.label}</Badge>}
          <span>
            {canary.rule} {canary.result}
          </span>
        </p>
      )}
      <dl className="grid grid-cols-3 gap-4 pt-4">
        <Figure name={KIND_WORDS[kind].succeeded} count={succeeded} tone="text-success-fg" />
        <Figure name="skipped" count={skipped} tone="text-fg-muted" />
        <Figure name="failed" count={failed} tone={failed > 0 ? "text-danger-fg" : "text-fg-muted"} />
      </dl>
    </Card>
  );
}

function Figure({ name, count, tone }: { name: string; count: number; tone: string }) {
  return (
    <div>
      <dt className="text-xs text-fg-subtle first-letter:uppercase">{name}</dt>
      <dd className={`text-xl font-semibold ${tone}`}>{number(count)}</dd>
    </div>
  );
}

import Link from "next/link";

import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { LIMIT_LOOKS } from "#app/_components/policy/limit-text.ts";
import { codesText } from "#app/_components/policy/matrix-text.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Detail, DetailList } from "#app/_components/ui/card.tsx";
import type { LimitsInput } from "#server/contracts/policy.ts";
import type { Run } from "#server/contracts/runs.ts";
import type { LimitName } from "#server/contracts/statuses.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import { formatDuration, formatLimit } from "#server/contracts/units.ts";

/** The policy the run was submitted under, and its times. */
export function DetailsTab({ run }: { run: Run }) {
  const { retry } = run;
  return (
    <div className="flex flex-col gap-6 p-4">
      <Group title="Limits of one attempt">
        {LIMIT_NAMES.map((name) => (
          <Detail key={name} name={LIMIT_LOOKS[name].label}>
            {formatLimit(name, run.limits[name])}
          </Detail>
        ))}
      </Group>
      <Group title="Retry policy">
        <Detail name="Attempts at most">{retry.maxRetries + 1}</Detail>
        <Detail name="Backoff">
          {retry.backoff}
          {retry.jitter ? ", with jitter" : ""}
        </Detail>
        <Detail name="First delay">{formatDuration(retry.delayMs)}</Detail>
        <Detail name="Longest delay">{formatDuration(retry.maxDelayMs)}</Detail>
        <Detail name="Final exit codes">{codesText(retry.finalExitCodes)}</Detail>
        <Detail name="Retried exit codes">{codesText(retry.retryExitCodes)}</Detail>
        <Detail name="After out of memory">{moreText(retry.memoryFactor, "memory")}</Detail>
        <Detail name="After a timeout">{moreText(retry.timeoutFactor, "time")}</Detail>
        <Detail name="Failed attempts charged">{run.chargedFailures}</Detail>
        <Detail name="Interruptions, not charged">{run.interruptions}</Detail>
        <Detail name="Worker crashes in a row">{run.workerCrashes}</Detail>
        <Detail name="When it fails for good">{run.deadLetter ? "becomes a dead letter" : "ends as failed"}</Detail>
      </Group>
      <div>
        <h3 className="pb-2 text-sm font-medium">Tried again after</h3>
        <ul className="flex flex-wrap gap-1.5">
          {retry.retryOn.map((outcome) => (
            <li key={outcome}>
              <Badge>{OUTCOME_LOOKS[outcome].label}</Badge>
            </li>
          ))}
          {retry.retryOn.length === 0 && <li className="text-fg-subtle">No outcome.</li>}
        </ul>
      </div>
      {run.requeues.length > 0 && <Lineage requeues={run.requeues} />}
      <Group title="Run">
        <Detail name="Language">{run.language}</Detail>
        <Detail name="Lane">{run.lane}</Detail>
        <Detail name="Priority">{run.priority}</Detail>
        <Detail name="Network">{run.network ? "allowed" : "off"}</Detail>
        <Detail name="Tags">{run.tags.length === 0 ? "none" : run.tags.join(", ")}</Detail>
        <Detail name="Created">
          <RelativeTime at={run.createdAt} />
        </Detail>
        <Detail name="Started">{run.startedAt === null ? "not yet" : <RelativeTime at={run.startedAt} />}</Detail>
        <Detail name="Finished">{run.finishedAt === null ? "not yet" : <RelativeTime at={run.finishedAt} />}</Detail>
      </Group>
    </div>
  );
}

/** When people queued it again, and what they changed. */
function Lineage({ requeues }: Pick<Run, "requeues">) {
  return (
    <section aria-label="Queued again">
      <h3 className="pb-2 text-sm font-medium">Queued again</h3>
      <ol className="flex flex-col gap-1.5 text-fg-muted">
        {requeues.map(({ at, by, afterAttempt, operationId, limits, retry }) => (
          <li key={at}>
            <RelativeTime at={at} /> by {by}, after attempt {afterAttempt}
            {operationId !== null && (
              <>
                , in a{" "}
                <Link href={`/bulk-operations/${operationId}`} className="underline underline-offset-2 hover:text-fg">
                  bulk operation
                </Link>
              </>
            )}
            {limits !== null && `, with ${LIMIT_NAMES.flatMap((name) => changedLimit(name, limits)).join(", ")}`}
            {retry !== null && ", with another retry policy"}
          </li>
        ))}
      </ol>
    </section>
  );
}

const changedLimit = (name: LimitName, limits: LimitsInput) => {
  const value = limits[name];
  return value === undefined ? [] : [`${LIMIT_LOOKS[name].label.toLowerCase()} ${formatLimit(name, value)}`];
};

const moreText = (factor: number, of: string) => (factor === 1 ? `as much ${of} again` : `${factor} × the ${of}, up to the maximum`);

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="pb-2 text-sm font-medium">{title}</h3>
      <DetailList>{children}</DetailList>
    </section>
  );
}

"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ArrowLeft, CircleCheck, CircleDashed, CircleX, SkipForward } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { shortId } from "#app/_components/short-id.ts";
import { Badge } from "#app/_components/ui/badge.tsx";
import { ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { ProgressBar } from "#app/_components/ui/limit-bar.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "#app/_components/ui/table.tsx";
import type { Tone } from "#app/_components/ui/tone.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { BulkOperation } from "#server/contracts/dead-letters.ts";

import { SteerButtons } from "./steer-buttons.tsx";

const PAGE_SIZE = 50;
/** Beside the event stream, which may be reconnecting just then. */
const REFRESH_MS = 2_000;

const WORDS = {
  retry: { title: "Retry of dead letters", succeeded: "queued again" },
  discard: { title: "Discard of dead letters", succeeded: "discarded" },
} as const;

const STATUS_LOOKS: Record<BulkOperation["status"], { label: string; tone: Tone }> = {
  pending: { label: "Waiting for a worker", tone: "info" },
  running: { label: "Running", tone: "info" },
  paused: { label: "Paused", tone: "warning" },
  finished: { label: "Finished", tone: "success" },
  aborted: { label: "Aborted", tone: "neutral" },
};

const hasEnded = (operation: BulkOperation | undefined) => operation?.status === "finished" || operation?.status === "aborted";

const numberText = (count: number) => count.toLocaleString("en-US");

/** A bulk operation's page: progress, what came of it, and every run with its reason. */
export function BulkOperationView({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.bulkOperations.get.queryOptions({ id }, { refetchInterval: ({ state }) => (hasEnded(state.data) ? false : REFRESH_MS) }));
  const operation = query.data;
  return (
    <>
      <PageHeader
        title={operation === undefined ? "Bulk operation" : WORDS[operation.kind].title}
        description={
          operation === undefined ? undefined : (
            <>
              Started <RelativeTime at={operation.createdAt} />, over what had died by then.
            </>
          )
        }
        actions={
          <>
            {operation !== undefined && <SteerButtons id={id} operation={operation} />}
            <ButtonLink href="/dead-letters">
              <ArrowLeft aria-hidden />
              Dead letters
            </ButtonLink>
          </>
        }
      />
      {query.isError && operation === undefined ? (
        <Card>
          <ErrorState
            title="The bulk operation could not be loaded"
            {...describeError(query.error)}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </Card>
      ) : (
        <div className="flex flex-col gap-4">
          {operation === undefined ? (
            <Card>
              <Skeleton className="h-24 w-full" />
            </Card>
          ) : (
            <Progress operation={operation} />
          )}
          <Items id={id} finished={hasEnded(operation)} done={operation?.done ?? 0} />
        </div>
      )}
    </>
  );
}

function Progress({ operation }: { operation: BulkOperation }) {
  const { total, done, succeeded, skipped, failed, status, kind, ratePerMinute } = operation;
  const tone: Tone = failed > 0 ? "danger" : status === "finished" ? "success" : "info";
  const look = STATUS_LOOKS[status];
  return (
    <Card title="Progress" actions={<Badge tone={status === "finished" ? tone : look.tone}>{look.label}</Badge>}>
      <p role="status" className="pb-2 text-fg-muted">
        <span className="text-lg font-semibold text-fg">{numberText(done)}</span> of {numberText(total)} done
        {ratePerMinute !== null && !hasEnded(operation) && <>, {numberText(ratePerMinute)} a minute at most</>}
      </p>
      {operation.message !== null && (
        <Notice tone="warning" className="mb-3" title="Its canaries failed">
          {operation.message}
        </Notice>
      )}
      {operation.canary !== null && <p className="pb-2 text-fg-muted">{canaryText(operation.canary)}</p>}
      <ProgressBar label="Progress" value={done} max={total} tone={tone} />
      <dl className="grid grid-cols-3 gap-4 pt-4">
        <Figure name={WORDS[kind].succeeded} count={succeeded} tone="text-success-fg" />
        <Figure name="skipped" count={skipped} tone="text-fg-muted" />
        <Figure name="failed" count={failed} tone={failed > 0 ? "text-danger-fg" : "text-fg-muted"} />
      </dl>
    </Card>
  );
}

function canaryText({ count, passPercent, state, succeeded, failed }: NonNullable<BulkOperation["canary"]>): string {
  const rule = `The first ${numberText(count)} ${count === 1 ? "goes" : "go"} ahead; the rest follows if ${passPercent} % of them pass`;
  return `${rule}: ${succeeded} passed, ${failed} failed${state === "judged" ? "." : ", the others have not ended."}`;
}

function Figure({ name, count, tone }: { name: string; count: number; tone: string }) {
  return (
    <div>
      <dt className="text-xs text-fg-subtle first-letter:uppercase">{name}</dt>
      <dd className={`text-xl font-semibold ${tone}`}>{numberText(count)}</dd>
    </div>
  );
}

const RESULTS = {
  succeeded: { label: "Succeeded", tone: "success", Icon: CircleCheck },
  skipped: { label: "Skipped", tone: "neutral", Icon: SkipForward },
  failed: { label: "Failed", tone: "danger", Icon: CircleX },
  waiting: { label: "Waiting", tone: "info", Icon: CircleDashed },
} as const;

function Items({ id, finished, done }: { id: string; finished: boolean; done: number }) {
  const trpc = useTRPC();
  const [trail, setTrail] = useState<(string | null)[]>([null]);
  const cursor = trail.at(-1) ?? null;
  const items = useQuery(
    trpc.bulkOperations.items.queryOptions(
      { id, ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE },
      { placeholderData: keepPreviousData, refetchInterval: finished ? false : REFRESH_MS },
    ),
  );
  const { refetch } = items;
  useEffect(() => {
    // The stream told that it went on: the rows say how.
    if (done > 0) void refetch();
  }, [done, finished, refetch]);
  const rows = items.data?.items;
  const older = items.data?.nextCursor ?? null;
  if (items.isError && rows === undefined) {
    return (
      <Card>
        <ErrorState title="Its runs could not be loaded" {...describeError(items.error)} onRetry={() => void items.refetch()} retrying={items.isFetching} />
      </Card>
    );
  }
  return (
    <Card title="Runs" flush>
      {rows?.length === 0 ? (
        <EmptyState title="No run was selected">Nothing matched any more when it started.</EmptyState>
      ) : (
        <Table label="Runs of this operation" aria-busy={items.isPlaceholderData}>
          <TableHead>
            <tr>
              <Th>Run</Th>
              <Th>Result</Th>
              <Th>Reason</Th>
            </tr>
          </TableHead>
          <TableBody>
            {rows === undefined
              ? Array.from({ length: 6 }, (_, index) => (
                  <TableRow key={index}>
                    <Td colSpan={3}>
                      <Skeleton className="h-5 w-full" />
                    </Td>
                  </TableRow>
                ))
              : rows.map((row) => {
                  const { label, tone, Icon } = RESULTS[row.result ?? "waiting"];
                  return (
                    <TableRow key={row.runId}>
                      <Td>
                        <Link
                          href={`/runs/${row.runId}`}
                          prefetch={false}
                          title={row.runId}
                          className="rounded-xs font-mono text-xs whitespace-nowrap hover:underline"
                        >
                          {shortId(row.runId)}
                        </Link>
                      </Td>
                      <Td className="w-px whitespace-nowrap">
                        <Badge tone={tone}>
                          <Icon aria-hidden />
                          {label}
                        </Badge>
                      </Td>
                      <Td className="w-full text-fg-muted">{row.reason}</Td>
                    </TableRow>
                  );
                })}
          </TableBody>
        </Table>
      )}
      {(trail.length > 1 || older !== null) && (
        <Pagination
          label="Pages of runs"
          busy={items.isPlaceholderData}
          onPrevious={trail.length > 1 ? () => setTrail(trail.slice(0, -1)) : undefined}
          onNext={older === null ? undefined : () => setTrail([...trail, older])}
        />
      )}
    </Card>
  );
}

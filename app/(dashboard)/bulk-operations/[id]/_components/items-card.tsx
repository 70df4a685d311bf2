"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleDashed, CircleX, SearchX, SkipForward } from "lucide-react";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { shortId } from "#app/_components/short-id.ts";
import { StatusBadge } from "#app/_components/status-badge.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { Chip } from "#app/_components/ui/chip.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useCursorPaging } from "#app/_components/use-cursor-paging.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import { useRowSteps } from "#app/_components/shell/shortcuts/use-row-steps.ts";
import type { BulkOperation } from "#server/contracts/dead-letters.ts";
import type { RunStatus } from "#server/contracts/statuses.ts";

import { hasEnded } from "../../_components/operation-words.ts";

const PAGE_SIZE = 50;
/** Beside the event stream, which may be reconnecting just then. */
const REFRESH_MS = 2_000;

const RESULTS = {
  succeeded: { label: "Succeeded", tone: "success", Icon: CircleCheck },
  skipped: { label: "Skipped", tone: "neutral", Icon: SkipForward },
  failed: { label: "Failed", tone: "danger", Icon: CircleX },
  waiting: { label: "Waiting", tone: "info", Icon: CircleDashed },
} as const;
type Result = keyof typeof RESULTS;
const RESULT_NAMES = ["succeeded", "skipped", "failed", "waiting"] as const satisfies Result[];

const PARSERS = { result: parseAsStringLiteral(RESULT_NAMES), cursor: parseAsString };

/** Every run of an operation: what became of it, why, and where it stands now. */
export function ItemsCard({ id, operation }: { id: string; operation: BulkOperation | undefined }) {
  const trpc = useTRPC();
  const [{ result, cursor }, setState] = useQueryStates(PARSERS, { history: "push" });
  useRowSteps();
  const ended = operation !== undefined && hasEnded(operation);
  const items = useQuery(
    trpc.bulkOperations.runs.queryOptions(
      { id, ...(result === null ? {} : { result }), ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE },
      { placeholderData: keepPreviousData, refetchInterval: ended ? false : REFRESH_MS },
    ),
  );
  const { refetch } = items;
  const done = operation?.done ?? 0;
  useEffect(() => {
    // The stream told that it went on: the rows say how.
    if (done > 0) void refetch();
  }, [done, ended, refetch]);
  const { isNeeded: isPaged, ...pages } = useCursorPaging({ cursor, nextCursor: items.data?.nextCursor, onPage: (next) => void setState({ cursor: next }) });
  const rows = items.data?.items;
  const choose = (next: Result | null) => void setState({ result: next, cursor: null });

  return (
    <Card title="Runs" flush>
      {operation !== undefined && operation.total > 0 && <ResultChips operation={operation} chosen={result} onChoose={choose} />}
      {items.isError && rows === undefined ? (
        <ErrorState title="Its runs could not be loaded" {...describeError(items.error)} onRetry={() => void refetch()} retrying={items.isFetching} />
      ) : rows?.length === 0 && !items.isPlaceholderData ? (
        result === null && cursor === null ? (
          <EmptyState title="No run was selected">Nothing matched any more when it started.</EmptyState>
        ) : (
          <EmptyState icon={<SearchX />} title="No run here" actions={<Button onClick={() => choose(null)}>Show all</Button>}>
            {result === null ? "There is nothing on this page any more." : `None is ${RESULTS[result].label.toLowerCase()}.`}
          </EmptyState>
        )
      ) : (
        <>
          <ul
            aria-label="Runs of this operation"
            aria-busy={items.isPlaceholderData || rows === undefined}
            className={cx("divide-y divide-line", items.isPlaceholderData && "opacity-60")}
          >
            {rows === undefined
              ? Array.from({ length: 6 }, (_, index) => (
                  <li key={index} className="flex h-12 items-center px-4">
                    <Skeleton className="h-5 w-full" />
                  </li>
                ))
              : rows.map((row) => <Item key={row.runId} {...row} />)}
          </ul>
          {rows !== undefined && isPaged && <Pagination label="Pages of runs" busy={items.isPlaceholderData} {...pages} />}
        </>
      )}
    </Card>
  );
}

type Row = { runId: string; result: Exclude<Result, "waiting"> | null; reason: string | null; run: { name: string; status: RunStatus } | null };

function Item({ runId, result, reason, run }: Row) {
  const { label, tone, Icon } = RESULTS[result ?? "waiting"];
  return (
    <li className="grid min-h-12 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2 hover:bg-subtle sm:grid-cols-[minmax(0,1fr)_7rem_8rem]">
      <span className="flex min-w-0 items-baseline gap-2">
        {run === null ? (
          <span className="text-fg-muted">Removed since, by its retention</span>
        ) : (
          <Link href={`/runs/${runId}`} prefetch={false} data-row-link className="min-w-0 truncate rounded-xs font-medium hover:underline">
            {run.name}
          </Link>
        )}
        <span className="shrink-0 font-mono text-2xs text-fg-subtle" title={runId}>
          {shortId(runId)}
        </span>
      </span>
      <span className="flex justify-end sm:justify-start">
        <Badge tone={tone}>
          <Icon aria-hidden />
          {label}
        </Badge>
      </span>
      <span className="col-span-2 flex items-center gap-1.5 text-xs text-fg-muted sm:col-span-1">
        {run !== null && (
          <>
            <span>now</span>
            <StatusBadge status={run.status} />
          </>
        )}
      </span>
      {reason !== null && <p className="col-span-full text-fg-muted">{reason}</p>}
    </li>
  );
}

function ResultChips({ operation, chosen, onChoose }: { operation: BulkOperation; chosen: Result | null; onChoose: (result: Result | null) => void }) {
  const { total, done, succeeded, skipped, failed } = operation;
  const counts: Record<Result, number> = { succeeded, skipped, failed, waiting: total - done };
  return (
    <div role="group" aria-label="Result" className="flex flex-wrap gap-1.5 border-b border-line px-4 py-2">
      <Chip label="All" count={<Count of={total} />} pressed={chosen === null} onClick={() => onChoose(null)} />
      {RESULT_NAMES.map((name) => (
        <Chip key={name} label={RESULTS[name].label} count={<Count of={counts[name]} />} pressed={chosen === name} onClick={() => onChoose(name)} />
      ))}
    </div>
  );
}

function Count({ of }: { of: number }) {
  return <span className="font-normal text-fg-muted">{of.toLocaleString("en-US")}</span>;
}

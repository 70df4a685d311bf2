"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ArrowLeft, ListChecks } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { ProgressBar } from "#app/_components/ui/limit-bar.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useCursorPaging } from "#app/_components/use-cursor-paging.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import { useRowSteps } from "#app/_components/shell/shortcuts/use-row-steps.ts";
import type { BulkOperation } from "#server/contracts/dead-letters.ts";

import { changeWords, hasEnded, KIND_WORDS, OPERATION_LOOKS, selectionWords, toneOf } from "./operation-words.ts";

const PAGE_SIZE = 25;
/** Beside the event stream, which may be reconnecting just then. */
const REFRESH_MS = 5_000;

/** The list of bulk operations: what each was over, how far it is, who began it. */
export function OperationsView() {
  const trpc = useTRPC();
  const [cursor, setCursor] = useQueryState("cursor", parseAsString.withOptions({ history: "push" }));
  useRowSteps();
  const list = useQuery(
    trpc.bulkOperations.list.queryOptions(
      { ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE },
      { placeholderData: keepPreviousData, refetchInterval: ({ state }) => (state.data?.items.every(hasEnded) === true ? false : REFRESH_MS) },
    ),
  );
  const { isNeeded: isPaged, ...pages } = useCursorPaging({ cursor, nextCursor: list.data?.nextCursor, onPage: (next) => void setCursor(next) });
  const operations = list.data?.items;
  return (
    <>
      <PageHeader
        title="Bulk operations"
        description="Retries and discards of many dead letters, the latest first."
        actions={
          <ButtonLink href="/dead-letters">
            <ArrowLeft aria-hidden />
            Dead letters
          </ButtonLink>
        }
      />
      <Card flush>
        {list.isError && operations === undefined ? (
          <ErrorState
            title="The bulk operations could not be loaded"
            {...describeError(list.error)}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        ) : operations?.length === 0 ? (
          <EmptyState icon={<ListChecks />} title={cursor === null ? "No bulk operation yet" : "There is nothing on this page any more"}>
            Select dead letters and retry or discard them: how that goes is shown here, run by run, and stays as long as ended runs do.
          </EmptyState>
        ) : (
          <>
            <ul aria-label="Bulk operations" aria-busy={list.isPlaceholderData || operations === undefined} className="divide-y divide-line">
              {operations === undefined
                ? Array.from({ length: 6 }, (_, index) => (
                    <li key={index} className="flex h-22 items-center px-4">
                      <Skeleton className="h-12 w-full" />
                    </li>
                  ))
                : operations.map((operation) => <OperationItem key={operation.id} operation={operation} />)}
            </ul>
            {operations !== undefined && isPaged && <Pagination label="Pages of bulk operations" busy={list.isPlaceholderData} {...pages} />}
          </>
        )}
      </Card>
    </>
  );
}

function OperationItem({ operation }: { operation: BulkOperation }) {
  const { id, kind, status, total, done, succeeded, skipped, failed, createdAt, createdBy, selection } = operation;
  const words = KIND_WORDS[kind];
  const changes = changeWords(operation);
  return (
    <li className="relative grid gap-x-6 gap-y-2 px-4 py-3 hover:bg-subtle md:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link href={`/bulk-operations/${id ?? ""}`} prefetch={false} data-row-link className="font-medium after:absolute after:inset-0">
            {words.short} of {total.toLocaleString("en-US")}
          </Link>
          <Badge tone={toneOf(operation)}>{OPERATION_LOOKS[status].label}</Badge>
          <span className="relative z-10 text-xs text-fg-muted">
            <RelativeTime at={createdAt} />, by {createdBy}
          </span>
        </p>
        <p className="line-clamp-2 pt-1 text-fg-muted">
          {selectionWords(selection)}
          {changes.length > 0 && `; ${changes.map(({ name, value }) => `${name.toLowerCase()} ${value}`).join(", ")}`}
        </p>
      </div>
      <div className="flex flex-col justify-center gap-1.5">
        <ProgressBar
          label={`${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} done`}
          value={done}
          max={total}
          tone={failed > 0 ? "danger" : toneOf(operation)}
        />
        <p className="flex flex-wrap justify-between gap-x-3 text-xs text-fg-muted">
          <span>
            {succeeded.toLocaleString("en-US")} {words.succeeded}
          </span>
          <span>{skipped.toLocaleString("en-US")} skipped</span>
          <span className={failed > 0 ? "text-danger-fg" : undefined}>{failed.toLocaleString("en-US")} failed</span>
        </p>
      </div>
    </li>
  );
}

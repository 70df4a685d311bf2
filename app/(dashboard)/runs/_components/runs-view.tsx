"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ArrowUp, ListVideo, Plus, SearchX } from "lucide-react";
import { useEffect } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { useCursorPaging } from "#app/_components/use-cursor-paging.ts";
import { useIsNarrow } from "#app/_components/use-is-narrow.ts";
import { Button, ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { FilterBar } from "./filter-bar.tsx";
import { NO_FILTER, useRunListState } from "./run-filter-state.ts";
import { RunCards, RunsTable } from "./runs-table.tsx";
import { useNewRuns } from "./use-new-runs.ts";
import { useRowKeys } from "./use-row-keys.ts";

const PAGE_SIZE = 50;

/** The Runs page: filters, the list, its empty states, and the pages. */
export function RunsView() {
  const trpc = useTRPC();
  const narrow = useIsNarrow();
  const { state, filter, cursor, setState } = useRunListState();
  useRowKeys();

  const list = useQuery(
    trpc.runs.list.queryOptions({ ...filter, ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE }, { placeholderData: keepPreviousData }),
  );
  const counts = useQuery(trpc.runs.counts.queryOptions(filter, { placeholderData: keepPreviousData }));
  const runs = list.data?.items;
  const filtered = Object.keys(filter).length > 0;
  const newRuns = useNewRuns(filter, list.isPlaceholderData ? undefined : runs, cursor === null);

  const { refetch } = list;
  const isEmpty = runs?.length === 0;
  // On an empty list there is nobody to disturb: the first run appears by itself.
  useEffect(() => {
    if (isEmpty && newRuns > 0) void refetch();
  }, [isEmpty, newRuns, refetch]);

  const { isNeeded: isPaged, ...pages } = useCursorPaging({
    cursor,
    nextCursor: list.data?.nextCursor,
    onPage: (next) => {
      void setState({ cursor: next });
      window.scrollTo({ top: 0 });
    },
  });

  return (
    <>
      <PageHeader
        title="Runs"
        description="Every script that was submitted, newest first."
        actions={
          // On wide screens the sidebar has it.
          <ButtonLink href="/runs/new" variant="primary" className="lg:hidden">
            <Plus aria-hidden />
            New run
          </ButtonLink>
        }
      />
      <FilterBar state={state} setState={setState} counts={counts.data} tags={runs?.flatMap((run) => run.tags) ?? []} filtered={filtered} />
      <div className="relative">
        {newRuns > 0 && !isEmpty && (
          // Over the space beside the filters where there is some, else over the table's edge: nothing moves for it.
          <div className="pointer-events-none absolute inset-x-0 -top-3.5 z-20 flex justify-center xl:-top-[2.625rem] xl:justify-end">
            <Button size="sm" variant="primary" className="pointer-events-auto animate-in rounded-full! shadow-lg" onClick={() => void refetch()}>
              <ArrowUp aria-hidden />
              {newRuns === 1 ? "1 new run" : `${newRuns} new runs`}
            </Button>
          </div>
        )}
        <Card flush>
          {list.isError && runs === undefined ? (
            <ErrorState title="The runs could not be loaded" {...describeError(list.error)} onRetry={() => void refetch()} retrying={list.isFetching} />
          ) : isEmpty && !list.isPlaceholderData ? (
            <NoRuns filtered={filtered || cursor !== null} onClear={() => void setState(NO_FILTER)} />
          ) : (
            <>
              {narrow ? <RunCards runs={runs} busy={list.isPlaceholderData} /> : <RunsTable runs={runs} busy={list.isPlaceholderData} />}
              {runs !== undefined && isPaged && <Pagination label="Pages of runs" busy={list.isPlaceholderData} {...pages} />}
            </>
          )}
        </Card>
      </div>
    </>
  );
}

function NoRuns({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState icon={<SearchX />} title="No run matches" actions={<Button onClick={onClear}>Clear filters</Button>}>
        There are runs, but none that meets all of the filters above.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<ListVideo />}
      title="Nothing has run yet"
      actions={
        <ButtonLink href="/runs/new?sample=first" variant="primary">
          Start from a sample
        </ButtonLink>
      }
    >
      Submit a script with a timeout and limits; it appears here as soon as it is queued, and its output streams in while it runs.
    </EmptyState>
  );
}

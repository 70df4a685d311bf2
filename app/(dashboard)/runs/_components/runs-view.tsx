"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ArrowUp, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { useCursorPaging } from "#app/_components/use-cursor-paging.ts";
import { useIsNarrow } from "#app/_components/use-is-narrow.ts";
import { Button, ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { FilterBar } from "./filter-bar.tsx";
import { NoRuns } from "./no-runs.tsx";
import { NO_FILTER, useRunListState } from "./run-filter-state.ts";
import { isCancellable, isRetryable } from "./run-selection.ts";
import type { SelectedRun } from "./run-selection.ts";
import { RunsBulkBar } from "./runs-bulk-bar.tsx";
import { RunCards, RunsTable } from "./runs-table.tsx";
import { useNewRuns } from "./use-new-runs.ts";
import { useRowKeys } from "./use-row-keys.ts";
import { useRunDeeds } from "./use-run-deeds.ts";
import { useRunSelection } from "./use-run-selection.ts";

const CancelDialog = dynamic(() => import("./cancel-dialog.tsx").then((module) => module.CancelDialog), { ssr: false });

const PAGE_SIZE = 50;

/** The Runs page: filters, the list, its empty states, the pages, and what can be done to runs from here. */
export function RunsView() {
  const trpc = useTRPC();
  const narrow = useIsNarrow();
  const { state, filter, cursor, setState } = useRunListState();
  const { sort } = state;
  const [cancelling, setCancelling] = useState<SelectedRun[] | null>(null);
  const me = useQuery(trpc.session.me.queryOptions());
  // The server has the last word; until it is known who asks, nothing jumps for the many who may.
  const mayAct = me.data?.role !== "viewer";

  const list = useQuery(
    trpc.runs.list.queryOptions({ ...filter, ...(cursor === null ? {} : { cursor }), sort, limit: PAGE_SIZE }, { placeholderData: keepPreviousData }),
  );
  const counts = useQuery(trpc.runs.counts.queryOptions(filter, { placeholderData: keepPreviousData }));
  const deeds = useRunDeeds();
  const runs = list.data === undefined ? undefined : deeds.withDeeds(list.data.items);
  const selection = useRunSelection(runs ?? []);
  const filtered = Object.keys(filter).length > 0;
  const newRuns = useNewRuns(filter, list.isPlaceholderData ? undefined : runs, cursor === null && sort === "newest");

  /** What a key is about: the selection, else the focused row. */
  const meant = (id: string | null): SelectedRun[] => (selection.selected.length > 0 ? selection.selected : (runs ?? []).filter((run) => run.id === id));
  const retry = (chosen: SelectedRun[]) => {
    if (!mayAct || chosen.length === 0) return;
    if (chosen.some(isRetryable)) deeds.retry(chosen);
    else toast.error("There is nothing to retry", { description: "Only runs that are dead, failed or retrying can be retried." });
  };
  const cancel = (chosen: SelectedRun[]) => {
    if (!mayAct || chosen.length === 0) return;
    if (chosen.some(isCancellable)) setCancelling(chosen);
    else toast.error("There is nothing to cancel", { description: "Only runs that are queued, running or retrying can be cancelled." });
  };
  useRowKeys({
    onSelect: (id) => mayAct && selection.toggle(id),
    onRetry: (id) => retry(meant(id)),
    onCancel: (id) => cancel(meant(id)),
    onClear: selection.clear,
    onUndo: deeds.undo,
  });

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
  const rows = { runs, busy: list.isPlaceholderData, selecting: mayAct ? selection : undefined };

  return (
    <>
      <PageHeader
        title="Runs"
        description={sort === "newest" ? "Every script that was submitted, newest first." : "Every script that was submitted, oldest first."}
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
            <NoRuns state={filtered || cursor !== null ? state : null} onClear={() => void setState(NO_FILTER)} />
          ) : (
            <>
              {narrow ? <RunCards {...rows} /> : <RunsTable {...rows} sort={sort} onSort={(next) => void setState({ sort: next, cursor: null })} />}
              {runs !== undefined && isPaged && (
                <Pagination
                  label="Pages of runs"
                  busy={list.isPlaceholderData}
                  {...pages}
                  {...(sort === "oldest" ? { previousLabel: "Older", nextLabel: "Newer" } : {})}
                />
              )}
            </>
          )}
        </Card>
      </div>
      {selection.selected.length > 0 && (
        <RunsBulkBar
          selected={selection.selected}
          onPage={selection.onPage}
          onRetry={() => retry(selection.selected)}
          onCancel={() => cancel(selection.selected)}
          onClear={selection.clear}
        />
      )}
      {cancelling !== null && <CancelDialog runs={cancelling} onConfirm={() => deeds.cancel(cancelling)} onClose={() => setCancelling(null)} />}
    </>
  );
}

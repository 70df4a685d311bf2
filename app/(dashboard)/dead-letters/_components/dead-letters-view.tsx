"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { PartyPopper, SearchX } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { useIsNarrow } from "#app/_components/use-is-narrow.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { RunSummary } from "#server/contracts/runs.ts";

import { BulkBar, SelectAllBanner } from "./bulk-bar.tsx";
import { DiscardDialog, RaiseDialog, RetryDialog } from "./bulk-dialogs.tsx";
import { deadLettersText } from "./bulk-text.ts";
import { DeadLetterCards, DeadLettersTable } from "./dead-letters-table.tsx";
import { ExpiringNotice } from "./expiring-notice.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { NOTHING_SELECTED, pageState, rowsBetween, selectAllMatching, selectedCount, setSelected, toServerSelection } from "./selection.ts";
import type { Selection } from "./selection.ts";
import { NO_FILTER, useDeadLetterFilter } from "./use-dead-letter-filter.ts";

const PAGE_SIZE = 25;

/** The Dead letters page: triage one, a page of them, or all that match. */
export function DeadLettersView() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const narrow = useIsNarrow();
  const { state, filter, cursor, setState } = useDeadLetterFilter();
  const [trail, setTrail] = useState<(string | null)[]>([]);
  const [chosen, setChosen] = useState<{ filterKey: string; selection: Selection }>({ filterKey: "", selection: NOTHING_SELECTED });
  const [dialog, setDialog] = useState<"retry" | "raise" | "discard" | null>(null);
  const anchor = useRef<string | null>(null);

  const list = useQuery(
    trpc.deadLetters.list.queryOptions({ ...filter, ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE }, { placeholderData: keepPreviousData }),
  );
  const count = useQuery(trpc.deadLetters.count.queryOptions(filter, { placeholderData: keepPreviousData }));
  const counts = useQuery(trpc.deadLetters.facets.queryOptions(filter, { placeholderData: keepPreviousData }));
  const me = useQuery(trpc.session.me.queryOptions());
  const mayAct = me.data !== undefined && me.data.role !== "viewer";

  // A selection belongs to the filter it was made under: else a deed would hit more than is shown.
  const filterKey = JSON.stringify(filter);
  const selection = chosen.filterKey === filterKey ? chosen.selection : NOTHING_SELECTED;
  const select = (next: Selection) => setChosen({ filterKey, selection: next });
  const clear = () => select(NOTHING_SELECTED);
  const selected = selectedCount(selection);

  const rows = list.data?.items;
  const older = list.data?.nextCursor ?? null;
  const filtered = Object.keys(filter).length > 0;
  const matching = count.data?.count ?? 0;
  const onPage = pageState(selection, rows ?? []);

  useEffect(() => {
    if (selected === 0 || dialog !== null) return;
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !(event.target instanceof Element && event.target.closest("[role=menu], [role=dialog]")))
        setChosen({ filterKey: "", selection: NOTHING_SELECTED });
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [selected, dialog]);

  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: trpc.deadLetters.pathKey() });
    void queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() });
  };
  const started = (operation: { id: string | null }) => {
    setDialog(null);
    clear();
    refresh();
    if (operation.id !== null) router.push(`/bulk-operations/${operation.id}`);
  };
  const retryMany = useMutation(trpc.deadLetters.retry.mutationOptions({ onSuccess: started }));
  const discardMany = useMutation(trpc.deadLetters.discard.mutationOptions({ onSuccess: started }));
  const retryOne = useMutation(
    trpc.runs.retry.mutationOptions({
      onSuccess: (run) => {
        select(setSelected(selection, [run], false));
        refresh();
        toast.success(`“${run.name}” is queued again`, { action: { label: "Show", onClick: () => router.push(`/runs/${run.id}`) } });
      },
      onError: (error) => {
        refresh();
        toast.error("It could not be retried", { description: describeError(error).message });
      },
    }),
  );

  const open = (which: typeof dialog) => () => {
    retryMany.reset();
    discardMany.reset();
    setDialog(which);
  };
  const toggleDialog = (which: typeof dialog) => (isOpen: boolean) => setDialog(isOpen ? which : null);
  const request = toServerSelection(selection, filter);
  const page = (next: string | null) => {
    void setState({ cursor: next });
    window.scrollTo({ top: 0 });
  };

  const rowsProps = {
    rows: me.data === undefined && !me.isError ? undefined : rows,
    busy: list.isPlaceholderData,
    selection,
    mayAct,
    onSelect: (row: RunSummary, on: boolean, range: boolean) => {
      select(setSelected(selection, range ? rowsBetween(rows ?? [], anchor.current, row.id) : [row], on));
      anchor.current = row.id;
    },
    onSelectPage: (on: boolean) => select(setSelected(selection, rows ?? [], on)),
    onRetry: (row: RunSummary) => retryOne.mutate({ id: row.id }),
    retryingId: retryOne.isPending ? retryOne.variables.id : undefined,
    onTag: (tag: string) => void setState({ tag: [...new Set([...state.tag, tag])], cursor: null }),
  };

  return (
    <>
      <PageHeader
        title="Dead letters"
        description={
          count.data === undefined
            ? "Runs that failed for good and wait for a person."
            : matching === 0 && !filtered
              ? "Nothing waits for a person."
              : `${deadLettersText(matching)} ${filtered ? (matching === 1 ? "matches" : "match") : matching === 1 ? "waits for a person" : "wait for a person"}.`
        }
      />
      <ExpiringNotice onShow={(diedBefore) => void setState({ ...NO_FILTER, diedBefore })} />
      <FilterBar state={state} setState={setState} counts={counts.data} filtered={filtered} />
      <Card flush>
        {list.isError && rows === undefined ? (
          <ErrorState
            title="The dead letters could not be loaded"
            {...describeError(list.error)}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        ) : rows?.length === 0 && !list.isPlaceholderData ? (
          <NoDeadLetters filtered={filtered || cursor !== null} onClear={() => void setState(NO_FILTER)} />
        ) : (
          <>
            {rows !== undefined && (selection.mode === "all" || (onPage === "all" && matching > rows.length)) && (
              <SelectAllBanner
                onPage={rows.length}
                matching={matching}
                selection={selection}
                busy={count.data === undefined || count.isPlaceholderData}
                onSelectAll={() => count.data !== undefined && select(selectAllMatching(count.data))}
                onClear={clear}
              />
            )}
            {narrow ? <DeadLetterCards {...rowsProps} /> : <DeadLettersTable {...rowsProps} />}
            {rows !== undefined && (cursor !== null || older !== null) && (
              <Pagination
                label="Pages of dead letters"
                busy={list.isPlaceholderData}
                onPrevious={
                  cursor === null
                    ? undefined
                    : () => {
                        page(trail.at(-1) ?? null);
                        setTrail(trail.slice(0, -1));
                      }
                }
                onNext={
                  older === null
                    ? undefined
                    : () => {
                        setTrail([...trail, cursor]);
                        page(older);
                      }
                }
              />
            )}
          </>
        )}
      </Card>
      {mayAct && selected > 0 && <BulkBar selection={selection} onRetry={open("retry")} onRaise={open("raise")} onDiscard={open("discard")} onClear={clear} />}
      {mayAct && selected > 0 && (
        <>
          <RetryDialog
            open={dialog === "retry"}
            onOpenChange={toggleDialog("retry")}
            selection={request}
            busy={retryMany.isPending}
            error={retryMany.error}
            onConfirm={(pace) => retryMany.mutate({ ...request, ...pace })}
          />
          <RaiseDialog
            open={dialog === "raise"}
            onOpenChange={toggleDialog("raise")}
            selection={request}
            busy={retryMany.isPending}
            error={retryMany.error}
            onConfirm={(overrides) => retryMany.mutate({ ...request, ...overrides })}
          />
          <DiscardDialog
            open={dialog === "discard"}
            onOpenChange={toggleDialog("discard")}
            selection={request}
            busy={discardMany.isPending}
            error={discardMany.error}
            onConfirm={() => discardMany.mutate(request)}
          />
        </>
      )}
    </>
  );
}

function NoDeadLetters({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState icon={<SearchX />} title="No dead letter matches" actions={<Button onClick={onClear}>Clear filters</Button>}>
        None meets all of the filters above.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<PartyPopper />} title="No dead letters">
      A run that fails for good, after all its retries, waits here until a person retries or discards it.
    </EmptyState>
  );
}

"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { describeError } from "#app/_components/describe-error.ts";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { useCursorPaging } from "#app/_components/use-cursor-paging.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { RunSummary } from "#server/contracts/runs.ts";

import { DeadLetterRows } from "./dead-letter-rows.tsx";
import { NothingMatches } from "./nothing-matches.tsx";
import { SelectAllBanner } from "./select-all-banner.tsx";
import { pageState, rowState } from "./selection.ts";
import type { DeadLetterFiltering } from "./use-dead-letter-filter.ts";
import type { Triage } from "./use-triage.ts";
import { useTriageKeys } from "./use-triage-keys.ts";

const PAGE_SIZE = 25;
const toRow = ({ id, finishedAt }: RunSummary) => ({ id, finishedAt });

/** Dead letters one by one, newest first. */
export function RunsPanel({ filtering, triage }: { filtering: DeadLetterFiltering; triage: Triage }) {
  const trpc = useTRPC();
  const { state, filter, setState } = filtering;
  const { cursor } = state;
  const list = useQuery(
    trpc.deadLetters.list.queryOptions({ ...filter, ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE }, { placeholderData: keepPreviousData }),
  );
  const { isNeeded: isPaged, ...pages } = useCursorPaging({
    cursor,
    nextCursor: list.data?.nextCursor,
    onPage: (next) => {
      void setState({ cursor: next });
      window.scrollTo({ top: 0 });
    },
  });
  useTriageKeys(triage.clear);
  const rows = list.data?.items;
  const page = rows === undefined || rows.length === 0 ? "none" : pageState(rows.map((row) => rowState(triage.selection, toRow(row))));

  if (list.isError && rows === undefined) {
    return (
      <Card flush>
        <ErrorState
          title="The dead letters could not be loaded"
          {...describeError(list.error)}
          onRetry={() => void list.refetch()}
          retrying={list.isFetching}
        />
      </Card>
    );
  }
  if (rows?.length === 0 && !list.isPlaceholderData) return <NothingMatches filtering={filtering} />;
  return (
    <Card flush>
      {rows !== undefined && (triage.selection.all !== null || (page === "all" && triage.matching > rows.length)) && (
        <SelectAllBanner onPage={rows.length.toLocaleString("en-US")} triage={triage} />
      )}
      <DeadLetterRows
        label="Dead letters"
        rows={rows}
        skeletons={10}
        busy={list.isPlaceholderData}
        toRow={toRow}
        triage={triage}
        onTag={(tag) => void setState({ tag: [...new Set([...state.tag, tag])], cursor: null })}
      />
      {rows !== undefined && isPaged && <Pagination label="Pages of dead letters" busy={list.isPlaceholderData} {...pages} />}
    </Card>
  );
}

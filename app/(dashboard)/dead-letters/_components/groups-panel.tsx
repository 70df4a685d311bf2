"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { describeError } from "#app/_components/describe-error.ts";
import { Card } from "#app/_components/ui/card.tsx";
import { Checkbox } from "#app/_components/ui/checkbox.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useCursorPaging } from "#app/_components/use-cursor-paging.ts";
import { useTRPC } from "#app/_trpc/client.tsx";

import { SelectAllBanner } from "./select-all-banner.tsx";
import { deadLettersText, groupsText } from "./bulk-text.ts";
import { GROUP_GRID, GroupItem } from "./group-item.tsx";
import { NothingMatches } from "./nothing-matches.tsx";
import { groupState, pageState } from "./selection.ts";
import type { DeadLetterFiltering } from "./use-dead-letter-filter.ts";
import { useGroupDeeds } from "./use-group-deeds.ts";
import type { Triage } from "./use-triage.ts";
import { useTriageKeys } from "./use-triage-keys.ts";

const PAGE_SIZE = 25;

/** Dead letters by what they died of: the page's main view. */
export function GroupsPanel({ filtering, triage }: { filtering: DeadLetterFiltering; triage: Triage }) {
  const trpc = useTRPC();
  const deeds = useGroupDeeds();
  const { state, states, narrowing, filter, setState } = filtering;
  const { cursor } = state;
  const list = useQuery(
    trpc.deadLetters.groups.queryOptions(
      { ...narrowing, ...(states === undefined ? {} : { state: states }), ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE },
      { placeholderData: keepPreviousData },
    ),
  );
  const { isNeeded: isPaged, ...pages } = useCursorPaging({
    cursor,
    nextCursor: list.data?.nextCursor,
    onPage: (next) => {
      void setState({ cursor: next });
      window.scrollTo({ top: 0 });
    },
  });
  const groups = list.data?.items;
  const busy = list.isPlaceholderData;
  const { selection } = triage;
  const page = groups === undefined || groups.length === 0 ? "none" : pageState(groups.map(({ fingerprint }) => groupState(selection, fingerprint)));
  const onPage = groups?.reduce((sum, { count }) => sum + count, 0) ?? 0;

  useTriageKeys(triage.clear);

  if (list.isError && groups === undefined) {
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
  if (groups?.length === 0 && !busy) return <NothingMatches filtering={filtering} />;
  return (
    <Card flush>
      <div className={cx(GROUP_GRID, "min-h-8 border-b border-line bg-inset px-4 py-1.5 text-xs font-medium text-fg-subtle")}>
        <span className="flex w-4">
          {triage.mayAct && (
            <Checkbox
              aria-label="Select this page"
              checked={page === "all"}
              indeterminate={page === "some"}
              disabled={groups === undefined || busy || triage.busy}
              onChange={() => groups !== undefined && triage.tickAllGroups(groups, page !== "all")}
            />
          )}
        </span>
        <span>Died alike</span>
        <span aria-hidden className="hidden sm:block">
          24 hours
        </span>
        <span aria-hidden className="hidden text-right sm:block">
          Count
        </span>
        <span aria-hidden className="hidden text-right sm:block">
          Last seen
        </span>
      </div>
      {groups !== undefined && (selection.all !== null || (page === "all" && triage.matching > onPage)) && (
        <SelectAllBanner onPage={`${groupsText(groups.length)} with ${deadLettersText(onPage)}`} triage={triage} />
      )}
      <ul aria-label="Groups of dead letters" aria-busy={busy || groups === undefined} className={cx("divide-y divide-line", busy && "opacity-60")}>
        {groups === undefined
          ? Array.from({ length: 8 }, (_, index) => (
              <li key={index} className="flex h-17 items-center px-4">
                <Skeleton className="h-9 w-full" />
              </li>
            ))
          : groups.map((group) => {
              const { fingerprint } = group;
              const isOpen = state.open.includes(fingerprint);
              return (
                <GroupItem
                  key={fingerprint}
                  group={group}
                  filter={filter}
                  triage={triage}
                  deeds={deeds}
                  open={isOpen}
                  onOpen={(open) => {
                    const others = state.open.filter((one) => one !== fingerprint);
                    void setState({ open: open ? [...others, fingerprint] : others }, { history: "replace" });
                  }}
                  onTick={(on, range) => triage.tickGroups(groups, group, on, range)}
                />
              );
            })}
      </ul>
      {groups !== undefined && isPaged && <Pagination label="Pages of groups" busy={busy} {...pages} />}
    </Card>
  );
}

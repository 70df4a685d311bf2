"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleHelp, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { useCursorPaging } from "#app/_components/use-cursor-paging.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { DeadLetterFilter, DeadLetterGroup } from "#server/contracts/dead-letters.ts";
import type { RunSummary } from "#server/contracts/runs.ts";

import { DeadLetterRows } from "./dead-letter-rows.tsx";
import { whyGrouped } from "./group-state-text.ts";
import type { Triage } from "./use-triage.ts";

const PAGE_SIZE = 25;

export type GroupDetailProps = { group: DeadLetterGroup; filter: DeadLetterFilter; triage: Triage };

/** An opened group: why its dead letters are one, what can be done with all of them, and its runs. */
export function GroupDetail({ group, filter, triage }: GroupDetailProps) {
  const trpc = useTRPC();
  const [cursor, setCursor] = useState<string | null>(null);
  const [why, setWhy] = useState(false);
  const { fingerprint, title, count } = group;
  const list = useQuery(
    trpc.deadLetters.list.queryOptions(
      { ...filter, group: [fingerprint], ...(cursor === null ? {} : { cursor }), limit: PAGE_SIZE },
      { placeholderData: keepPreviousData },
    ),
  );
  const { isNeeded: isPaged, ...pages } = useCursorPaging({ cursor, nextCursor: list.data?.nextCursor, onPage: setCursor });
  const rows = list.data?.items;
  const toRow = (run: RunSummary) => ({ id: run.id, finishedAt: run.finishedAt, group: fingerprint });
  const whyId = `why-${fingerprint}`;
  return (
    <div className="border-t border-line bg-inset px-3 py-3 sm:px-4 sm:pl-11">
      <div className="flex flex-wrap items-center gap-2 pb-3">
        <Button size="sm" aria-expanded={why} aria-controls={whyId} onClick={() => setWhy(!why)}>
          <CircleHelp aria-hidden />
          Why grouped?
        </Button>
        {triage.mayAct && (
          <span className="ml-auto flex flex-wrap gap-2">
            <Button size="sm" aria-label={`Retry all of the group ${title}`} onClick={() => triage.actOnGroup(group, "retry")}>
              <RotateCw aria-hidden />
              Retry all {count.toLocaleString("en-US")}
            </Button>
            <Button size="sm" variant="danger-quiet" aria-label={`Discard all of the group ${title}`} onClick={() => triage.actOnGroup(group, "discard")}>
              <Trash2 aria-hidden />
              Discard all
            </Button>
          </span>
        )}
      </div>
      <div id={whyId} hidden={!why} className="mb-3 rounded-md border border-line bg-surface px-3 py-2.5">
        <p className="pb-2 text-fg-muted">
          These are equal in all of them. Numbers, ids, times, addresses and paths are replaced by what they are, so that they don’t tell alike ones apart.
        </p>
        <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-4">
          {whyGrouped(group, OUTCOME_LOOKS[group.outcome].label).map(({ name, value }) => (
            <div key={name} className={name.startsWith("Line") ? "min-w-0 sm:col-span-2 lg:col-span-4" : "min-w-0"}>
              <dt className="text-xs text-fg-subtle">{name}</dt>
              <dd className="font-mono text-xs leading-5">{value}</dd>
            </div>
          ))}
          <div className="min-w-0 sm:col-span-2">
            <dt className="text-xs text-fg-subtle">Fingerprint of these</dt>
            <dd className="font-mono text-xs leading-5">{fingerprint}</dd>
          </div>
        </dl>
      </div>
      <div className="overflow-hidden rounded-md border border-line bg-surface">
        {list.isError && rows === undefined ? (
          <ErrorState
            title="The runs of this group could not be loaded"
            {...describeError(list.error)}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        ) : rows?.length === 0 && !list.isPlaceholderData ? (
          <p className="px-4 py-6 text-center text-fg-muted">No run is left in it.</p>
        ) : (
          <>
            <DeadLetterRows
              label={`Dead letters of the group ${title}`}
              rows={rows}
              skeletons={Math.min(count, PAGE_SIZE)}
              busy={list.isPlaceholderData}
              toRow={toRow}
              triage={triage}
            />
            {rows !== undefined && isPaged && <Pagination label={`Pages of the group ${title}`} busy={list.isPlaceholderData} {...pages} />}
          </>
        )}
      </div>
    </div>
  );
}

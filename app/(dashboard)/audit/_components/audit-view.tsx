"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ScrollText, ShieldX } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { SearchBox } from "#app/(dashboard)/runs/_components/search-box.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Pagination } from "#app/_components/ui/pagination.tsx";
import { Select } from "#app/_components/ui/select.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { NOUNS } from "./action-text.ts";
import { EntryRow } from "./entry-row.tsx";

const NO_FILTER = { noun: null, actor: null, target: null };

/** The Audit log page: every change, newest first, narrowed by what, by whom and to what. */
export function AuditView() {
  const trpc = useTRPC();
  const [{ noun, actor, target }, setFilter] = useQueryStates(
    { noun: parseAsString.withDefault(""), actor: parseAsString.withDefault(""), target: parseAsString.withDefault("") },
    { history: "push", clearOnDefault: true },
  );
  const filterKey = JSON.stringify([noun, actor, target]);
  const [trail, setTrail] = useState<{ key: string; cursors: string[] }>({ key: filterKey, cursors: [] });
  // Another filter begins at the newest.
  const cursors = trail.key === filterKey ? trail.cursors : [];
  const cursor = cursors.at(-1);
  const known = noun !== "" && Object.hasOwn(NOUNS, noun);
  const query = useQuery(
    trpc.audit.list.queryOptions(
      {
        ...(known ? { noun } : {}),
        ...(actor === "" ? {} : { actor }),
        ...(target === "" ? {} : { target }),
        ...(cursor === undefined ? {} : { cursor }),
      },
      { placeholderData: keepPreviousData },
    ),
  );
  const items = query.data?.items;
  const older = query.data?.nextCursor ?? null;
  const filtered = known || actor !== "" || target !== "";
  const forbidden = query.error?.data?.httpStatus === 403;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Every change, by whom and from where. What was submitted stands in the runs themselves. Entries are kept for a year."
      />
      <div role="search" aria-label="Narrow the audit log" className="grid gap-2 pb-3 sm:grid-cols-3">
        <Select
          aria-label="What"
          value={known ? noun : ""}
          onChange={(event) => void setFilter({ noun: event.target.value === "" ? null : event.target.value })}
        >
          <option value="">Everything</option>
          {Object.entries(NOUNS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <SearchBox label="By whom" placeholder="By whom" value={actor} onChange={(value) => void setFilter({ actor: value === "" ? null : value })} />
        <SearchBox
          label="To what"
          placeholder="To what: a name or an id"
          value={target}
          onChange={(value) => void setFilter({ target: value === "" ? null : value })}
        />
      </div>
      <Card flush>
        {items === undefined || forbidden ? (
          forbidden ? (
            <EmptyState icon={<ShieldX />} title="This is for administrators">
              The log names people and addresses. Ask an administrator what you want to know.
            </EmptyState>
          ) : query.isError ? (
            <ErrorState
              title="The audit log could not be loaded"
              {...describeError(query.error)}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : (
            <div className="flex flex-col gap-3 p-4" aria-busy>
              {[1, 2, 3, 4, 5, 6].map((row) => (
                <Skeleton key={row} className="h-9 w-full" />
              ))}
            </div>
          )
        ) : items.length === 0 ? (
          filtered ? (
            <EmptyState icon={<ScrollText />} title="Nothing matches" actions={<Button onClick={() => void setFilter(NO_FILTER)}>Clear</Button>}>
              No entry is of this kind, by this name, to this thing.
            </EmptyState>
          ) : (
            <EmptyState icon={<ScrollText />} title="Nothing was changed yet">
              Whoever changes something is written down here.
            </EmptyState>
          )
        ) : (
          <>
            <ol aria-label="Entries" className="divide-y divide-line" aria-busy={query.isPlaceholderData || undefined}>
              {items.map((entry) => (
                <EntryRow key={entry.id} entry={entry} />
              ))}
            </ol>
            {(cursors.length > 0 || older !== null) && (
              <Pagination
                label="Pages of the audit log"
                busy={query.isPlaceholderData}
                onPrevious={cursors.length > 0 ? () => setTrail({ key: filterKey, cursors: cursors.slice(0, -1) }) : undefined}
                onNext={older === null ? undefined : () => setTrail({ key: filterKey, cursors: [...cursors, older] })}
              />
            )}
          </>
        )}
      </Card>
    </>
  );
}

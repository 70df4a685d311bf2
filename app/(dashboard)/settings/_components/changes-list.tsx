"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { settingName, settingText } from "./change-text.ts";

/** Who changed which setting from what to what, newest first. */
export function ChangesList() {
  const trpc = useTRPC();
  const query = useQuery(trpc.settings.changes.queryOptions());
  const items = query.data?.items;
  return (
    <Card title="Changes" description="Newest first" flush>
      {items === undefined ? (
        query.isError ? (
          <ErrorState
            title="The changes could not be loaded"
            {...describeError(query.error)}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : (
          <div className="p-4">
            <Skeleton className="h-20 w-full" />
          </div>
        )
      ) : items.length === 0 ? (
        <p className="px-4 py-6 text-center text-fg-muted">Nobody has changed anything yet.</p>
      ) : (
        <ol aria-label="Changes" className="max-h-[40rem] divide-y divide-line overflow-y-auto" tabIndex={0}>
          {items.map((change) => (
            <li key={change.version} className="px-4 py-3">
              <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-xs text-fg-subtle">
                <span>
                  <span className="font-medium text-fg">{change.by}</span> · version {change.version}
                </span>
                <RelativeTime at={change.at} />
              </p>
              <ul className="flex flex-col gap-1 pt-1.5">
                {change.changes.map(({ path, before, after }) => (
                  <li key={path} className="min-w-0">
                    <span className="block text-xs text-fg-muted">{settingName(path)}</span>
                    <span className="flex flex-wrap items-center gap-x-1.5">
                      <del className="text-danger-fg no-underline">
                        <span className="sr-only">before: </span>
                        {settingText(path, before)}
                      </del>
                      <ArrowRight aria-hidden className="size-3 shrink-0 text-fg-subtle" />
                      <ins className="font-medium text-success-fg no-underline">
                        <span className="sr-only">after: </span>
                        {settingText(path, after)}
                      </ins>
                    </span>
                  </li>
                ))}
                {change.changes.length === 0 && <li className="text-fg-muted">Saved without a change.</li>}
              </ul>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

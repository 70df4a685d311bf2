"use client";

import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";

import { describeError, isNotFound } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { hasEnded, KIND_WORDS } from "../../_components/operation-words.ts";
import { AboutCard } from "./about-card.tsx";
import { ItemsCard } from "./items-card.tsx";
import { ProgressCard } from "./progress-card.tsx";
import { SteerButtons } from "./steer-buttons.tsx";

/** Beside the event stream, which may be reconnecting just then. */
const REFRESH_MS = 2_000;

/** A bulk operation's page: progress, what came of it, what it is over and changes, and every run with its reason. */
export function BulkOperationView({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.bulkOperations.get.queryOptions({ id }, { refetchInterval: ({ state }) => (state.data !== undefined && hasEnded(state.data) ? false : REFRESH_MS) }),
  );
  const operation = query.data;
  const failed = query.isError && operation === undefined;
  return (
    <>
      <PageHeader
        title={operation === undefined ? "Bulk operation" : KIND_WORDS[operation.kind].title}
        description={
          operation === undefined ? undefined : (
            <>
              Started <RelativeTime at={operation.createdAt} /> by {operation.createdBy}, over what had died by then.
            </>
          )
        }
        actions={
          <>
            {operation !== undefined && <SteerButtons id={id} operation={operation} />}
            <ButtonLink href="/bulk-operations">
              <ListChecks aria-hidden />
              All operations
            </ButtonLink>
          </>
        }
      />
      {failed && isNotFound(query.error) ? (
        <Card flush>
          <EmptyState icon={<ListChecks />} title="There is no such bulk operation" actions={<ButtonLink href="/bulk-operations">All operations</ButtonLink>}>
            It may have been removed: an operation is kept as long as ended runs are.
          </EmptyState>
        </Card>
      ) : failed ? (
        <Card>
          <ErrorState
            title="The bulk operation could not be loaded"
            {...describeError(query.error)}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </Card>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="flex min-w-0 flex-col gap-4">
            {operation === undefined ? (
              <Card>
                <Skeleton className="h-32 w-full" />
              </Card>
            ) : (
              <ProgressCard operation={operation} />
            )}
            <ItemsCard id={id} operation={operation} />
          </div>
          {operation === undefined ? (
            <Card>
              <Skeleton className="h-32 w-full" />
            </Card>
          ) : (
            <AboutCard operation={operation} />
          )}
        </div>
      )}
    </>
  );
}

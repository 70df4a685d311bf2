"use client";

import { useQuery } from "@tanstack/react-query";
import { Server } from "lucide-react";

import { describeError } from "#app/_components/describe-error.ts";
import { Card } from "#app/_components/ui/card.tsx";
import { CodeBlock } from "#app/_components/ui/code-block.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Worker } from "#server/contracts/workers.ts";

import { LanesCard } from "./lanes-card.tsx";
import { WorkerCard } from "./worker-card.tsx";
import { capacityOf, isLive } from "./worker-look.ts";

/** Heartbeats themselves are no event: their ages are asked for anew. */
const REFRESH_MS = 5_000;

/** The Workers page: who lives, how busy, on what. */
export function WorkersView() {
  const trpc = useTRPC();
  const query = useQuery(trpc.workers.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const workers = query.data?.items;
  const capacity = workers === undefined ? undefined : capacityOf(workers);
  return (
    <>
      <PageHeader
        title="Workers"
        description={
          capacity === undefined || capacity.workers === 0
            ? "The processes that execute runs, each with slots of its own for queued and for awaited runs."
            : `${capacity.workers === 1 ? "1 worker" : `${capacity.workers} workers`}: ${capacity.batch.busy} of ${capacity.batch.slots} batch and ${capacity.interactive.busy} of ${capacity.interactive.slots} interactive slots busy.`
        }
      />
      {workers !== undefined ? (
        <WorkerList workers={workers} receivedAt={query.dataUpdatedAt || null} />
      ) : query.isError ? (
        <Card>
          <ErrorState
            title="The workers could not be loaded"
            {...describeError(query.error)}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </Card>
      ) : (
        <Card>
          <Skeleton className="h-56 w-full" />
        </Card>
      )}
    </>
  );
}

function WorkerList({ workers, receivedAt }: { workers: Worker[]; receivedAt: number | null }) {
  const live = workers.filter(isLive);
  const gone = workers.filter((worker) => !isLive(worker));
  return (
    <div className="flex flex-col gap-4">
      {live.length === 0 && (
        <Card>
          <EmptyState
            icon={<Server />}
            title="No worker is running"
            actions={<CodeBlock code="npm run worker" label="Command" className="w-72 max-w-full text-left" />}
          >
            Runs wait in the queue until one is. <code className="font-mono text-xs">npm start</code> starts one along with the dashboard; on any further
            machine, with the same DATABASE_URL, start one with:
          </EmptyState>
        </Card>
      )}
      <LanesCard />
      {live.map((worker) => (
        <WorkerCard key={worker.id} worker={worker} receivedAt={receivedAt} />
      ))}
      {gone.length > 0 && (
        <section aria-labelledby="gone-heading" className="flex flex-col gap-3 pt-2">
          <h2 id="gone-heading" className="text-sm font-semibold text-fg-muted">
            Ended within the last day
          </h2>
          {gone.map((worker) => (
            <WorkerCard key={worker.id} worker={worker} receivedAt={receivedAt} />
          ))}
        </section>
      )}
    </div>
  );
}

"use client";

import { useQuery } from "@tanstack/react-query";

import { describeError } from "#app/_components/describe-error.ts";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { NewInstall } from "./new-install.tsx";
import { OutcomeCard } from "./outcome-card.tsx";
import { StatTiles } from "./stat-tiles.tsx";
import { TopGroupsCard } from "./top-groups-card.tsx";
import { useLiveOverview } from "./use-live-overview.ts";

/** The Overview: the numbers of now, how runs ended, and what fails most. */
export function OverviewView() {
  const trpc = useTRPC();
  const overview = useQuery(trpc.overview.get.queryOptions());
  const dead = useQuery(trpc.deadLetters.count.queryOptions({}));
  const workers = useQuery(trpc.workers.list.queryOptions());
  useLiveOverview();

  return (
    <>
      <PageHeader title="Overview" description="How Corral does right now." />
      {overview.isError && overview.data === undefined ? (
        <Card>
          <ErrorState
            title="The overview could not be loaded"
            {...describeError(overview.error)}
            onRetry={() => void overview.refetch()}
            retrying={overview.isFetching}
          />
        </Card>
      ) : (
        <div className="flex flex-col gap-4" aria-busy={overview.data === undefined}>
          <StatTiles overview={overview.data} dead={dead.data?.count} workers={workers.data?.items} />
          {overview.data?.isNew === true ? (
            <NewInstall />
          ) : (
            <>
              <OutcomeCard />
              <TopGroupsCard groups={overview.data?.groups} />
            </>
          )}
        </div>
      )}
    </>
  );
}

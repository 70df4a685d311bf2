"use client";

import { useQuery } from "@tanstack/react-query";
import { FileCode, ScrollText, SearchX, SlidersHorizontal } from "lucide-react";
import { useEffect, useState } from "react";

import { describeError, isNotFound } from "#app/_components/describe-error.ts";
import { STATUS_LOOKS } from "#app/_components/status-badge.tsx";
import { ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { Tab, TabList, TabPanel, Tabs } from "#app/_components/ui/tabs.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Run } from "#server/contracts/runs.ts";
import { RETRYABLE_STATUSES } from "#server/contracts/statuses.ts";

import { AttemptsStrip } from "./attempts-strip.tsx";
import { DetailsTab } from "./details-tab.tsx";
import { FailureCard } from "./failure-card.tsx";
import { LogViewer } from "./log/log-viewer.tsx";
import { useRunLogs } from "./log/use-run-logs.ts";
import { RetryDialog } from "./retry-dialog.tsx";
import { RunHeader } from "./run-header.tsx";
import { RUN_TABS, useRunPageState } from "./run-page-state.ts";
import { ScriptTab } from "./script-tab.tsx";
import { suggestRetry } from "./suggest-retry.ts";
import { UsageCard } from "./usage-card.tsx";
import { useRunActions } from "./use-run-actions.ts";

const WAITING_REFRESH_MS = 5_000;

/** The Run page: loads the run, or says why it can't. */
export function RunView({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.runs.get.queryOptions(
      { id },
      // What a queued run waits for changes with other runs and with workers, of which this page hears nothing.
      { refetchInterval: ({ state }) => (state.data?.status === "queued" ? WAITING_REFRESH_MS : false) },
    ),
  );
  if (query.data !== undefined) return <LoadedRun run={query.data} />;
  if (query.isError) {
    return (
      <>
        <h1 className="sr-only">Run</h1>
        {isNotFound(query.error) ? (
          <EmptyState icon={<SearchX />} title="There is no such run" actions={<ButtonLink href="/runs">All runs</ButtonLink>}>
            The link may be wrong, or the run was removed when its retention ended.
          </EmptyState>
        ) : (
          <ErrorState
            title="This run could not be loaded"
            {...describeError(query.error)}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
            actions={<ButtonLink href="/runs">All runs</ButtonLink>}
          />
        )}
      </>
    );
  }
  return (
    <div className="flex flex-col gap-4" aria-busy="true">
      <h1 className="sr-only">Run</h1>
      <Skeleton className="h-14 w-full" />
      <Skeleton className="h-20 w-full" />
      <Skeleton className="h-96 w-full" />
    </div>
  );
}

function LoadedRun({ run }: { run: Run }) {
  const trpc = useTRPC();
  useTitle(`${STATUS_LOOKS[run.status].label}: ${run.name}`);
  const [{ tab, attempt: wanted }, setPage] = useRunPageState();
  const [changing, setChanging] = useState(false);
  const me = useQuery(trpc.session.me.queryOptions());
  const actions = useRunActions(run.id);
  const storeOf = useRunLogs(run.id, run.attempts.at(-1)?.number ?? 0);
  const shown = run.attempts.find((attempt) => attempt.number === wanted) ?? run.attempts.at(-1);
  const mayAct = me.data !== undefined && me.data.role !== "viewer";
  const isRetryable = RETRYABLE_STATUSES.some((status) => status === run.status);
  const failed = failedAttempt(shown);

  const settings = useQuery(trpc.settings.get.queryOptions(undefined, { enabled: isRetryable && mayAct }));
  const maxima = Object.fromEntries(Object.entries(settings.data?.limits ?? {}).map(([name, { maximum }]) => [name, maximum]));

  return (
    <div className="flex flex-col gap-4">
      <RunHeader run={run} shown={shown} actions={actions} mayAct={mayAct} onRetryWithChanges={() => setChanging(true)} />
      {shown?.enforced === false && (
        <Notice tone="warning" title="This attempt ran without kernel limits">
          The administrator allowed this worker to run unenforced: memory, CPU and process limits were not held by the kernel.
        </Notice>
      )}
      {failed && (
        <FailureCard
          attempt={failed}
          log={storeOf(failed.number)}
          retry={
            mayAct && isRetryable && failed === run.attempts.at(-1)
              ? {
                  suggestion: suggestRetry(failed.outcome, run.limits, maxima),
                  busy: actions.retry.isPending,
                  onRetry: (limits) => actions.retry.mutate({ id: run.id, limits }),
                  onChange: () => setChanging(true),
                }
              : null
          }
        />
      )}
      <AttemptsStrip
        run={run}
        shown={shown?.number}
        onShow={(attempt) => void setPage({ attempt: attempt === run.attempts.at(-1)?.number ? null : attempt })}
      />
      {shown && <UsageCard runId={run.id} attempt={shown} />}
      <Card flush>
        <Tabs value={tab} onValueChange={(value) => void setPage({ tab: RUN_TABS.find((one) => one === value) ?? "output" })}>
          <TabList aria-label="Of this run">
            <Tab value="output">
              <ScrollText aria-hidden />
              Output
            </Tab>
            <Tab value="script">
              <FileCode aria-hidden />
              Script
            </Tab>
            <Tab value="details">
              <SlidersHorizontal aria-hidden />
              Details
            </Tab>
          </TabList>
          <TabPanel value="output">
            {shown ? (
              <LogViewer
                key={shown.number}
                store={storeOf(shown.number)}
                attempt={shown.number}
                ended={shown.status === "finished"}
                removedAt={shown.output.removedAt}
              />
            ) : (
              <p className="flex h-72 items-center justify-center p-4 text-fg-subtle">It has not started yet. Its output appears here line by line.</p>
            )}
          </TabPanel>
          <TabPanel value="script">
            <ScriptTab runId={run.id} />
          </TabPanel>
          <TabPanel value="details">
            <DetailsTab run={run} />
          </TabPanel>
        </Tabs>
      </Card>
      {changing && <RetryDialog run={run} retry={actions.retry} onClose={() => setChanging(false)} />}
    </div>
  );
}

/** The tab says how the run fares, also while another tab is looked at. */
function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Corral`;
  }, [title]);
}

/** The attempt whose failure is told first: the one that is shown, when it failed. */
function failedAttempt(shown: Run["attempts"][number] | undefined) {
  if (shown === undefined || shown.status !== "finished" || shown.outcome === null) return undefined;
  if (shown.outcome === "succeeded" || shown.outcome === "cancelled") return undefined;
  return shown;
}

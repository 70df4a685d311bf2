"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FileCode, GitCompareArrows, ScrollText, SearchX, SlidersHorizontal } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { toast } from "sonner";

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

import type { RowWanted } from "./log/log-viewer.tsx";
import { AttemptsStrip } from "./attempts-strip.tsx";
import { FailureCard } from "./failure-card.tsx";
import { LogViewer } from "./log/log-viewer.tsx";
import { useEarlyWindow } from "./log/use-early-window.ts";
import type { EarlyWindow } from "./log/use-early-window.ts";
import { useRunLogs } from "./log/use-run-logs.ts";
import { RunHeader } from "./run-header.tsx";
import { RUN_TABS, useRunPageState } from "./run-page-state.ts";
import { suggestRetry } from "./suggest-retry.ts";
import { UsageCard } from "./usage-card.tsx";
import { useRunActions } from "./use-run-actions.ts";

// What is not on screen at first is not loaded with the page.
const loading = () => <div aria-busy="true" className="h-72" />;
const ScriptTab = dynamic(() => import("./script-tab.tsx").then((module) => module.ScriptTab), { loading });
const DetailsTab = dynamic(() => import("./details-tab.tsx").then((module) => module.DetailsTab), { loading });
const CompareTab = dynamic(() => import("./compare/compare-tab.tsx").then((module) => module.CompareTab), { loading });
const RetryDialog = dynamic(() => import("./retry-dialog.tsx").then((module) => module.RetryDialog));

const WAITING_REFRESH_MS = 5_000;

/** The Run page: loads the run, or says why it can't. */
export function RunView({ id }: { id: string }) {
  const trpc = useTRPC();
  const [{ tab, attempt, line }] = useRunPageState();
  const early = useEarlyWindow(id, tab === "output" && attempt === null && line === null);
  const query = useQuery(
    trpc.runs.get.queryOptions(
      { id },
      // What a queued run waits for changes with other runs and with workers, of which this page hears nothing.
      { refetchInterval: ({ state }) => (state.data?.status === "queued" ? WAITING_REFRESH_MS : false) },
    ),
  );
  if (query.data !== undefined) return <LoadedRun run={query.data} early={early} />;
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

function LoadedRun({ run, early }: { run: Run; early: EarlyWindow }) {
  const trpc = useTRPC();
  useTitle(`${STATUS_LOOKS[run.status].label}: ${run.name}`);
  const queryClient = useQueryClient();
  const [{ tab, attempt: wanted, with: other, stream, line }, setPage] = useRunPageState();
  const [rowWanted, setRowWanted] = useState<RowWanted | null>(null);
  const [changing, setChanging] = useState(false);
  const me = useQuery(trpc.session.me.queryOptions());
  const actions = useRunActions(run.id);
  const storeOf = useRunLogs(run.id, run.attempts.at(-1)?.number ?? 0, line, early);
  const shown = run.attempts.find((attempt) => attempt.number === wanted) ?? run.attempts.at(-1);
  const mayAct = me.data !== undefined && me.data.role !== "viewer";
  const isRetryable = RETRYABLE_STATUSES.some((status) => status === run.status);
  const failed = failedAttempt(shown);

  const settings = useQuery(trpc.settings.get.queryOptions(undefined, { enabled: isRetryable && mayAct }));
  const maxima = Object.fromEntries(Object.entries(settings.data?.limits ?? {}).map(([name, { maximum }]) => [name, maximum]));

  const showLine = (number: number) => {
    void setPage({ tab: "output", stream: "all", line: number });
    scrollToLog();
  };
  const showMoment = async (attempt: number, atMs: number) => {
    try {
      const { row } = await queryClient.fetchQuery(trpc.runs.findMoment.queryOptions({ id: run.id, attempt, view: stream, atMs }));
      if (row === null) return void toast("It printed nothing");
      await setPage({ tab: "output", line: null });
      setRowWanted({ row });
      scrollToLog();
    } catch (error) {
      toast.error("The output of that moment could not be found", { description: describeError(error).message });
    }
  };

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
          runId={run.id}
          attempt={failed}
          onLine={showLine}
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
        onShow={(attempt) => void setPage({ attempt: attempt === run.attempts.at(-1)?.number ? null : attempt, line: null })}
      />
      {shown && <UsageCard key={shown.number} runId={run.id} attempt={shown} onMoment={(atMs) => void showMoment(shown.number, atMs)} />}
      <Card flush className="scroll-mt-32" id={LOG_ID}>
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
            {run.attempts.length > 1 && (
              <Tab value="compare">
                <GitCompareArrows aria-hidden />
                Compare
              </Tab>
            )}
          </TabList>
          <TabPanel value="output">
            {shown ? (
              <LogViewer
                key={`${shown.number}-${stream}`}
                store={storeOf(shown.number, stream)}
                runId={run.id}
                attempt={shown.number}
                ended={shown.status === "finished"}
                removedAt={shown.output.removedAt}
                view={stream}
                onView={(view) => void setPage({ stream: view })}
                picked={line}
                onPick={(number) => void setPage({ line: number, ...(wanted === null && number !== null ? { attempt: shown.number } : {}) })}
                wanted={rowWanted}
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
          <TabPanel value="compare">
            <CompareTab run={run} left={other} right={shown?.number} onChange={(pair) => void setPage({ with: pair.left, attempt: pair.right, line: null })} />
          </TabPanel>
        </Tabs>
      </Card>
      {changing && <RetryDialog run={run} retry={actions.retry} onClose={() => setChanging(false)} />}
    </div>
  );
}

const LOG_ID = "run-parts";

/** Brings the log into sight, once what was changed is drawn. */
function scrollToLog(): void {
  requestAnimationFrame(() => document.getElementById(LOG_ID)?.scrollIntoView({ block: "nearest" }));
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

import type { QueryClient, QueryKey } from "@tanstack/react-query";

import type { useTRPC } from "../_trpc/client.tsx";
import type { LiveEvent } from "./connection.ts";
import { patchAttempt, patchRows, patchRun, patchUsage } from "./patch-cache.ts";
import { patchQueries } from "./patch-queries.ts";

type Trpc = ReturnType<typeof useTRPC>;

/** Counts and lists that follow from many rows are read again at most this often. */
const REFRESH_MS = 1_000;
const pending = new Map<string, ReturnType<typeof setTimeout>>();

/** Marks queries stale soon, and after what is just being asked for: a burst of events costs one request. */
function refreshSoon(queryClient: QueryClient, queryKey: QueryKey): void {
  const key = JSON.stringify(queryKey);
  if (pending.has(key)) return;
  pending.set(
    key,
    setTimeout(() => {
      pending.delete(key);
      if (queryClient.isFetching({ queryKey }) > 0) return refreshSoon(queryClient, queryKey);
      void queryClient.invalidateQueries({ queryKey });
    }, REFRESH_MS),
  );
}

/** Writes an event into the query cache: what it carries is patched in place, what it only hints at is read again. */
export function applyEvent(queryClient: QueryClient, trpc: Trpc, event: LiveEvent): void {
  switch (event.type) {
    case "refresh":
      void queryClient.invalidateQueries();
      return;
    case "runs":
      patchQueries(
        queryClient,
        trpc.runs.list.pathKey(),
        (page: Parameters<typeof patchRows>[0]) => patchRows(page, event.runs),
        () => refreshSoon(queryClient, trpc.runs.list.pathKey()),
      );
      // What nobody looks at now is read again when somebody does: it may lack new rows, and what changed in them.
      void queryClient.invalidateQueries({ queryKey: trpc.runs.list.pathKey(), type: "inactive", refetchType: "none" });
      for (const { id } of event.runs) void queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey({ id }), type: "inactive", refetchType: "none" });
      refreshSoon(queryClient, trpc.runs.counts.pathKey());
      refreshSoon(queryClient, trpc.deadLetters.pathKey());
      return;
    case "workers":
      refreshSoon(queryClient, trpc.workers.pathKey());
      refreshSoon(queryClient, trpc.lanes.pathKey());
      return;
    case "dead-letter-groups":
      refreshSoon(queryClient, trpc.deadLetters.pathKey());
      return;
    case "settings":
      refreshSoon(queryClient, trpc.settings.pathKey());
      return;
    case "bulk-operation":
      void queryClient.invalidateQueries({ queryKey: trpc.bulkOperations.get.queryKey({ id: event.id }) });
      refreshSoon(queryClient, trpc.bulkOperations.list.pathKey());
      return;
    case "status":
      patchQueries(queryClient, trpc.runs.get.queryKey({ id: event.run.id }), (run: typeof event.run) => patchRun(run, event.run));
      return;
    case "attempt":
    case "output":
    case "behind":
    case "usage":
      return;
  }
}

/** Attempts and samples name no run: they belong to the stream's topic. */
export function applyRunEvent(queryClient: QueryClient, trpc: Trpc, runId: string, event: LiveEvent): void {
  if (event.type === "attempt") {
    patchQueries(queryClient, trpc.runs.get.queryKey({ id: runId }), (run: Parameters<typeof patchAttempt>[0]) => patchAttempt(run, event.attempt));
  }
  if (event.type === "usage") {
    const queryKey = trpc.runs.usage.queryKey({ id: runId, attempt: event.attempt });
    patchQueries(
      queryClient,
      queryKey,
      (usage: Parameters<typeof patchUsage>[0]) => patchUsage(usage, event.attempt, event.samples),
      () => refreshSoon(queryClient, queryKey),
    );
  }
}

/** After a gap everything on screen is read again; after a mere change of topic only the run that is now watched. */
export function refreshAfterConnect(queryClient: QueryClient, trpc: Trpc, gap: boolean, runId: string | null): void {
  if (gap) {
    void queryClient.invalidateQueries();
    return;
  }
  if (runId !== null) {
    void queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey({ id: runId }) });
    void queryClient.invalidateQueries({ queryKey: trpc.runs.usage.pathKey() });
  }
}

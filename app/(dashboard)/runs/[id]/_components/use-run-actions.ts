"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Run } from "#server/contracts/runs.ts";

/** Cancel, retry, retry now: shown at once, taken back with a word when the server refuses. */
export function useRunActions(runId: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queryKey = trpc.runs.get.queryKey({ id: runId });

  const show = async (change: (run: Run) => Partial<Run>) => {
    await queryClient.cancelQueries({ queryKey });
    const before = queryClient.getQueriesData<Run>({ queryKey });
    queryClient.setQueriesData({ queryKey }, (run: Run | undefined) => run && { ...run, ...change(run) });
    return { before };
  };
  const takeBack = (title: string, error: unknown, context: { before: [readonly unknown[], Run | undefined][] } | undefined) => {
    for (const [key, run] of context?.before ?? []) queryClient.setQueryData(key, run);
    toast.error(title, { description: describeError(error).message });
  };
  const settled = () => queryClient.invalidateQueries({ queryKey });

  const cancel = useMutation(
    trpc.runs.cancel.mutationOptions({
      onMutate: () =>
        show((run) => ({
          cancelRequestedAt: new Date().toISOString(),
          // One that waits is cancelled at once; one that runs must be ended by its worker first.
          ...(run.status === "running" ? {} : { status: "cancelled" as const, nextAttemptAt: null, waitingReason: null }),
        })),
      onError: (error, _input, context) => takeBack("The run could not be cancelled", error, context),
      onSettled: settled,
    }),
  );
  const retry = useMutation(
    trpc.runs.retry.mutationOptions({
      onMutate: () => show(() => ({ status: "queued" as const, finishedAt: null, waitingReason: "Waits for a free slot of a worker." })),
      onError: (error, _input, context) => takeBack("The run could not be retried", error, context),
      onSuccess: () => void toast.success("Queued again"),
      onSettled: settled,
    }),
  );
  const retryNow = useMutation(
    trpc.runs.retryNow.mutationOptions({
      onMutate: () => show(() => ({ nextAttemptAt: new Date().toISOString() })),
      onError: (error, _input, context) => takeBack("The next attempt could not be brought forward", error, context),
      onSettled: settled,
    }),
  );
  return { cancel, retry, retryNow };
}

export type RunActions = ReturnType<typeof useRunActions>;

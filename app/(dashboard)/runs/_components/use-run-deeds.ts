"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { ManyRuns, RunSummary } from "#server/contracts/runs.ts";

import { HOLD_MS, holdDeed } from "./held-deed.ts";
import type { HeldDeed } from "./held-deed.ts";
import { isCancellable, isRetryable } from "./run-selection.ts";
import type { SelectedRun } from "./run-selection.ts";
import { runsText, skippedText } from "./skipped-text.ts";

/** How a run looks while a deed on it is under way, whatever the stream says of it meanwhile. */
type Looks = Partial<Pick<RunSummary, "status" | "cancelRequestedAt" | "nextAttemptAt" | "finishedAt">>;

/** Sent by a page that is being left: the browser finishes it after the page is gone. */
function postWhileLeaving(procedure: "retryMany", body: { ids: string[] }): void {
  void fetch(`/api/trpc/runs.${procedure}`, { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/**
 * Retries and cancels runs of the list. Both show at once. A retry is held for a few seconds, in which it can be undone; a cancel is
 * sent right away, since a script that should not run must not go on meanwhile.
 */
export function useRunDeeds() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [looks, setLooks] = useState<ReadonlyMap<string, Looks>>(new Map());
  const held = useRef(new Set<HeldDeed>());
  const leaving = useRef(false);

  const show = useCallback((ids: readonly string[], look: (id: string) => Looks | null) => {
    setLooks((old) => {
      const next = new Map(old);
      for (const id of ids) {
        const one = look(id);
        if (one === null) next.delete(id);
        else next.set(id, one);
      }
      return next;
    });
  }, []);
  const readAgain = useCallback(
    async (ids: readonly string[]) => {
      // The rows show the deed until they tell of it themselves.
      await queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() });
      show(ids, () => null);
    },
    [queryClient, trpc, show],
  );

  const retryMany = useMutation(trpc.runs.retryMany.mutationOptions());
  const cancelMany = useMutation(trpc.runs.cancelMany.mutationOptions());

  const { mutateAsync: sendRetry } = retryMany;
  const { mutateAsync: sendCancel } = cancelMany;
  const send = useCallback(
    async (ids: string[], deed: (input: { ids: string[] }) => Promise<ManyRuns>, words: { done: string; failed: string }) => {
      try {
        const { done, skipped } = await deed({ ids });
        const description = skippedText(skipped);
        if (done.length === 0) toast.error(`Nothing was ${words.done}`, { description });
        else if (description !== undefined || ids.length > 1) toast.success(`${runsText(done.length)} ${words.done}`, { description });
      } catch (error) {
        toast.error(words.failed, { description: describeError(error).message });
      }
      await readAgain(ids);
    },
    [readAgain],
  );

  const retry = useCallback(
    (runs: readonly SelectedRun[]) => {
      const ids = runs.map(({ id }) => id);
      const fit = runs.filter(isRetryable).map(({ id }) => id);
      const waiting = new Set(runs.filter(({ status }) => status === "retrying").map(({ id }) => id));
      const now = new Date().toISOString();
      show(fit, (id) => (waiting.has(id) ? { nextAttemptAt: now } : { status: "queued", finishedAt: null }));
      const toastId = `retry-${ids.join()}`;
      const deed: HeldDeed = holdDeed(
        () => {
          held.current.delete(deed);
          toast.dismiss(toastId);
          if (leaving.current) postWhileLeaving("retryMany", { ids });
          else void send(ids, sendRetry, { done: "queued again", failed: "The retry failed" });
        },
        () => {
          held.current.delete(deed);
          toast.dismiss(toastId);
          show(ids, () => null);
        },
      );
      held.current.add(deed);
      toast(`Retrying ${runsText(fit.length)}`, { id: toastId, duration: HOLD_MS, action: { label: "Undo", onClick: deed.undo } });
    },
    [send, sendRetry, show],
  );

  const cancel = useCallback(
    (runs: readonly SelectedRun[]) => {
      const ids = runs.map(({ id }) => id);
      const running = new Set(runs.filter(({ status }) => status === "running").map(({ id }) => id));
      const now = new Date().toISOString();
      // One that waits is cancelled at once; one that runs must be ended by its worker first.
      show(
        runs.filter(isCancellable).map(({ id }) => id),
        (id) => (running.has(id) ? { cancelRequestedAt: now } : { status: "cancelled", nextAttemptAt: null }),
      );
      void send(ids, sendCancel, { done: "cancelled", failed: "The runs could not be cancelled" });
    },
    [send, sendCancel, show],
  );

  useEffect(() => {
    const deeds = held.current;
    const flush = () => {
      for (const deed of deeds) deed.flush();
    };
    const leave = () => {
      leaving.current = true;
      flush();
      // A page may come back from the browser's cache.
      leaving.current = false;
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      flush();
    };
  }, []);

  const withDeeds = useCallback((runs: RunSummary[]) => (looks.size === 0 ? runs : runs.map((run) => ({ ...run, ...looks.get(run.id) }))), [looks]);
  /** Takes back the newest deed that is still held. */
  const undo = useCallback(() => [...held.current].at(-1)?.undo(), []);
  return useMemo(() => ({ retry, cancel, undo, withDeeds }), [retry, cancel, undo, withDeeds]);
}

"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { DeadLetterGroup } from "#server/contracts/dead-letters.ts";
import type { RunSummary } from "#server/contracts/runs.ts";

import { between, selectAllMatching, selectGroup, setGroups, setSelected, NOTHING_SELECTED } from "./selection.ts";
import type { SelectableGroup, SelectableRow, Selection } from "./selection.ts";
import type { DeadLetterFiltering } from "./use-dead-letter-filter.ts";
import { useSelection } from "./use-selection.ts";

export type Deed = "retry" | "raise" | "discard";
/** A deed that is asked about, over what is selected or over something else. */
export type Asked = { deed: Deed; selection: Selection };

/** What is selected, what may be done with it, and what is being asked. One for the page, shared by its views. */
export function useTriage({ state, filter }: DeadLetterFiltering) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { selection, selected, select } = useSelection(JSON.stringify([state.view, filter]));
  const [asked, setAsked] = useState<Asked | null>(null);
  const anchor = useRef<string | null>(null);

  const count = useQuery(trpc.deadLetters.count.queryOptions(filter, { placeholderData: keepPreviousData }));
  const me = useQuery(trpc.session.me.queryOptions());
  const busy = count.data === undefined || count.isPlaceholderData;
  const asOf = count.data?.asOf ?? "";

  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: trpc.deadLetters.pathKey() });
    void queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() });
  };
  const retryOne = useMutation(
    trpc.runs.retry.mutationOptions({
      onSuccess: (run) => {
        toast.success(`“${run.name}” is queued again`, { action: { label: "Show", onClick: () => router.push(`/runs/${run.id}`) } });
      },
      onError: (error) => void toast.error("It could not be retried", { description: describeError(error).message }),
      onSettled: refresh,
    }),
  );

  const ask = (deed: Deed, over: Selection) => setAsked({ deed, selection: over });
  return {
    selection,
    selected,
    /** Whether the reader may retry and discard; undefined while that is not known. */
    mayAct: me.data !== undefined && me.data.role !== "viewer",
    isKnown: me.data !== undefined || me.isError,
    /** What is shown is not yet what the filter says: it may not be acted on. */
    busy,
    matching: count.data?.count ?? 0,
    count: count.data,
    asOf,
    refresh,
    tickRows: (rows: readonly SelectableRow[], row: SelectableRow, on: boolean, range: boolean) => {
      select(setSelected(selection, range ? between(rows, ({ id }) => id, anchor.current, row.id) : [row], on));
      anchor.current = row.id;
    },
    tickAllRows: (rows: readonly SelectableRow[], on: boolean) => select(setSelected(selection, rows, on)),
    tickGroups: (groups: readonly SelectableGroup[], group: SelectableGroup, on: boolean, range: boolean) => {
      const turned = range ? between(groups, ({ fingerprint }) => fingerprint, anchor.current, group.fingerprint) : [group];
      select(setGroups(selection, turned, on, asOf));
      anchor.current = group.fingerprint;
    },
    tickAllGroups: (groups: readonly SelectableGroup[], on: boolean) => select(setGroups(selection, groups, on, asOf)),
    selectAll: () => count.data !== undefined && select(selectAllMatching(count.data)),
    clear: () => select(NOTHING_SELECTED),
    retryOne: (row: SelectableRow) => {
      select(setSelected(selection, [row], false));
      retryOne.mutate({ id: row.id });
    },
    retryingId: retryOne.isPending ? retryOne.variables.id : undefined,
    asked,
    close: () => setAsked(null),
    actOnSelected: (deed: Deed) => ask(deed, selection),
    actOnGroup: (group: Pick<DeadLetterGroup, "fingerprint" | "count">, deed: Deed) => ask(deed, selectGroup(group, asOf)),
    actOnAll: (deed: Deed) => count.data !== undefined && ask(deed, selectAllMatching(count.data)),
    /** The deed was begun: what it was asked over is done with. */
    begun: (id: string | null) => {
      if (asked?.selection === selection) select(NOTHING_SELECTED);
      setAsked(null);
      refresh();
      if (id !== null) router.push(`/bulk-operations/${id}`);
    },
  };
}

export type Triage = ReturnType<typeof useTriage>;
export type ToRow = (run: RunSummary) => SelectableRow;

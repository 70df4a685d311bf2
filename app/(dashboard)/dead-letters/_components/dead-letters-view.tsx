"use client";

import { useQuery } from "@tanstack/react-query";
import { ListChecks, RotateCw, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";

import { Button, ButtonLink } from "#app/_components/ui/button.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { BulkActions } from "./bulk-actions.tsx";
import { deadLettersText } from "./bulk-text.ts";
import { ExpiringNotice } from "./expiring-notice.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { GroupsPanel } from "./groups-panel.tsx";
import { NO_FILTER, useDeadLetterFilter } from "./use-dead-letter-filter.ts";
import { useTriage } from "./use-triage.ts";
import type { Triage } from "./use-triage.ts";

/** The page begins with groups; what shows single ones is loaded when one is opened, or all are. */
const RunsPanel = dynamic(() => import("./runs-panel.tsx").then((module) => module.RunsPanel), { loading: () => <div aria-busy="true" className="h-72" /> });

/** The Dead letters page: triage what died alike, one of them, a page, or all that match. */
export function DeadLettersView() {
  const trpc = useTRPC();
  const filtering = useDeadLetterFilter();
  const triage = useTriage(filtering);
  const { state, shown, filter, filtered, setState } = filtering;
  const facets = useQuery(trpc.deadLetters.facets.queryOptions(filter));
  return (
    <>
      <PageHeader
        title="Dead letters"
        description={describe(triage, filtered, shown === "all" ? "" : `${shown} `)}
        actions={
          <>
            <ButtonLink href="/bulk-operations">
              <ListChecks aria-hidden />
              Bulk operations
            </ButtonLink>
            {triage.mayAct && triage.matching > 0 && (
              <>
                <Button disabled={triage.busy} onClick={() => triage.actOnAll("retry")}>
                  <RotateCw aria-hidden />
                  Retry all
                </Button>
                <Button variant="danger-quiet" disabled={triage.busy} onClick={() => triage.actOnAll("discard")}>
                  <Trash2 aria-hidden />
                  Discard all
                </Button>
              </>
            )}
          </>
        }
      />
      <ExpiringNotice onShow={(diedBefore) => void setState({ ...NO_FILTER, view: "runs", diedBefore })} />
      <FilterBar filtering={filtering} counts={facets.data} />
      {state.view === "groups" ? <GroupsPanel filtering={filtering} triage={triage} /> : <RunsPanel filtering={filtering} triage={triage} />}
      <BulkActions triage={triage} filter={filter} />
    </>
  );
}

function describe({ count, matching }: Triage, filtered: boolean, state: string): string {
  if (count === undefined) return "Runs that failed for good and wait for a person.";
  if (matching === 0 && !filtered) return state === "" ? "Nothing waits for a person." : `Nothing ${state}waits for a person.`;
  const what = deadLettersText(matching).replace("dead", `${state}dead`);
  return `${what} ${filtered ? (matching === 1 ? "matches" : "match") : matching === 1 ? "waits for a person" : "wait for a person"}.`;
}

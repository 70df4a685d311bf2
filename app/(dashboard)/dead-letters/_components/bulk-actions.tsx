"use client";

import { useMutation } from "@tanstack/react-query";
import dynamic from "next/dynamic";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { DeadLetterFilter } from "#server/contracts/dead-letters.ts";

import { BulkBar } from "./bulk-bar.tsx";
import { DiscardDialog } from "./discard-dialog.tsx";
import { RetryDialog } from "./retry-dialog.tsx";
import { toServerSelection } from "./selection.ts";
import type { Asked, Triage } from "./use-triage.ts";

/** Its fields are a tenth of the page, and most visits don't open it. */
const RaiseDialog = dynamic(() => import("./raise-dialog.tsx").then((module) => module.RaiseDialog));

/** The bar over what is selected, and the dialog that is open. */
export function BulkActions({ triage, filter }: { triage: Triage; filter: DeadLetterFilter }) {
  if (!triage.mayAct) return null;
  return (
    <>
      {triage.selected > 0 && <BulkBar triage={triage} filter={filter} />}
      {triage.asked !== null && <DeedDialog asked={triage.asked} triage={triage} filter={filter} />}
    </>
  );
}

function DeedDialog({ asked: { deed, selection }, triage, filter }: { asked: Asked; triage: Triage; filter: DeadLetterFilter }) {
  const trpc = useTRPC();
  const onSuccess = ({ id }: { id: string | null }) => triage.begun(id);
  const retry = useMutation(trpc.deadLetters.retry.mutationOptions({ onSuccess }));
  const discard = useMutation(trpc.deadLetters.discard.mutationOptions({ onSuccess }));
  const request = toServerSelection(selection, filter);
  const shared = { onClose: triage.close, selection: request };
  if (deed === "discard") return <DiscardDialog {...shared} busy={discard.isPending} error={discard.error} onConfirm={() => discard.mutate(request)} />;
  if (deed === "raise") {
    return <RaiseDialog {...shared} busy={retry.isPending} error={retry.error} onConfirm={(overrides) => retry.mutate({ ...request, ...overrides })} />;
  }
  return <RetryDialog {...shared} busy={retry.isPending} error={retry.error} onConfirm={(pace) => retry.mutate({ ...request, ...pace })} />;
}

"use client";

import { useMutation } from "@tanstack/react-query";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { DeadLetterFilter } from "#server/contracts/dead-letters.ts";

import { DiscardDialog } from "./discard-dialog.tsx";
import { RaiseDialog } from "./raise-dialog.tsx";
import { RetryDialog } from "./retry-dialog.tsx";
import { toServerSelection } from "./selection.ts";
import type { Asked, Triage } from "./use-triage.ts";

/** Asks once more before a deed is done to a selection, and does it. */
export function DeedDialog({ asked: { deed, selection }, triage, filter }: { asked: Asked; triage: Triage; filter: DeadLetterFilter }) {
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

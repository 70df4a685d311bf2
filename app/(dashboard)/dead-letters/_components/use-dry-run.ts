"use client";

import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { Selection } from "#server/contracts/dead-letters.ts";

/** How many a deed would touch, and when that was counted: asked of the server anew for each dialog. */
export function useDryRun(kind: "retry" | "discard", selection: Selection) {
  const trpc = useTRPC();
  const retry = useMutation(trpc.deadLetters.retry.mutationOptions());
  const discard = useMutation(trpc.deadLetters.discard.mutationOptions());
  const { mutate, data, error, isError } = kind === "retry" ? retry : discard;
  // A selection is made anew at each render; what it says changes only when the person changes it.
  const asked = JSON.stringify(selection);
  const count = useCallback(() => mutate({ ...(JSON.parse(asked) as Selection), dryRun: true }), [mutate, asked]);
  useEffect(count, [count]);
  return { count, counted: data, error, isError, isCounting: data === undefined && !isError };
}

export type DryRun = Omit<ReturnType<typeof useDryRun>, "counted"> & { counted: { total: number; asOf: string } | undefined };

"use client";

import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";

import { useTRPC } from "#app/_trpc/client.tsx";

import type { toServerSelection } from "./selection.ts";

/** How many a deed would touch, and when that was counted: asked of the server anew each time a dialog opens. */
export function useDryRun(kind: "retry" | "discard", selection: ReturnType<typeof toServerSelection>, open: boolean) {
  const trpc = useTRPC();
  const retry = useMutation(trpc.deadLetters.retry.mutationOptions());
  const discard = useMutation(trpc.deadLetters.discard.mutationOptions());
  const { mutate, data, error, isError } = kind === "retry" ? retry : discard;
  // A selection is made anew at each render; what it says changes only when the person changes it.
  const asked = JSON.stringify(selection);
  const count = useCallback(() => mutate({ ...(JSON.parse(asked) as typeof selection), dryRun: true }), [mutate, asked]);
  useEffect(() => {
    if (open) count();
  }, [open, count]);
  return { count, counted: data, error, isError, isCounting: data === undefined && !isError };
}

"use client";

import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { Selection } from "#server/contracts/dead-letters.ts";
import type { LimitFactors, LimitsInput } from "#server/contracts/policy.ts";

/** Long enough to type the next digit. */
const DEBOUNCE_MS = 250;

/** What raised limits would come to, asked of the server while they are typed; the last answer stands until the next. */
export function useLimitsPreview(selection: Selection, raise: { limits: LimitsInput; limitFactors: LimitFactors }) {
  const trpc = useTRPC();
  const preview = useMutation(trpc.deadLetters.previewLimits.mutationOptions());
  const { mutate, data, error, isError, isPending } = preview;
  const asked = JSON.stringify({ ...selection, ...raise });
  const count = useCallback(() => mutate(JSON.parse(asked) as Parameters<typeof mutate>[0]), [mutate, asked]);
  useEffect(() => {
    const timer = setTimeout(count, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [count]);
  return { count, counted: data, error, isError, isCounting: isPending || (data === undefined && !isError) };
}

"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useTRPC } from "#app/_trpc/client.tsx";
import type { LimitsInput } from "#server/contracts/policy.ts";
import type { SettingsValues } from "#server/contracts/settings.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";

/** Long enough to type the next digit. */
const DEBOUNCE_MS = 300;

/** Maxima that would be lowered and can be read. */
export function loweredMaxima(values: SettingsValues, base: SettingsValues, problems: Record<string, string>): LimitsInput {
  const lowered = LIMIT_NAMES.filter(
    (name) => problems[`limits.${name}.maximum`] === undefined && values.limits[name].maximum > 0 && values.limits[name].maximum < base.limits[name].maximum,
  );
  return Object.fromEntries(lowered.map((name) => [name, values.limits[name].maximum]));
}

/** How many queued runs were given more than maxima that are about to be lowered, by limit, in a sentence. */
export function useExceeding(maxima: LimitsInput): Partial<Record<LimitName, string>> {
  const trpc = useTRPC();
  const wanted = JSON.stringify(maxima);
  const [asked, setAsked] = useState("{}");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const query = useQuery(
    trpc.settings.exceeding.queryOptions({ maxima: JSON.parse(asked) as LimitsInput }, { enabled: asked !== "{}", placeholderData: keepPreviousData }),
  );
  if (query.data === undefined || wanted === "{}") return {};
  const { byLimit, complete } = query.data;
  return Object.fromEntries(
    LIMIT_NAMES.flatMap((name) => {
      const count = byLimit[name] ?? 0;
      return maxima[name] === undefined || count === 0 ? [] : [[name, exceedingText(count, complete)]];
    }),
  );
}

/** `3 queued runs exceed the new maximum…` */
export function exceedingText(count: number, complete: boolean): string {
  const many = count.toLocaleString("en-US");
  const what = count === 1 ? "1 queued run exceeds" : `${complete ? "" : "At least "}${many} queued runs exceed`;
  return `${what} the new maximum and ${count === 1 ? "keeps what it was" : "keep what they were"} given.`;
}

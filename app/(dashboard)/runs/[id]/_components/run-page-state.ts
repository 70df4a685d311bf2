"use client";

import { parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";

import { LOG_VIEWS } from "#server/contracts/lines.ts";

export const RUN_TABS = ["output", "script", "details", "compare"] as const;

/** What of a run is looked at, as the URL holds it; no attempt means the newest one, also when it changes. */
export function useRunPageState() {
  return useQueryStates(
    {
      tab: parseAsStringLiteral(RUN_TABS).withDefault("output"),
      attempt: parseAsInteger,
      /** The other attempt of a comparison; none means the one before. */
      with: parseAsInteger,
      stream: parseAsStringLiteral(LOG_VIEWS).withDefault("all"),
      line: parseAsInteger,
    },
    { history: "replace", clearOnDefault: true },
  );
}

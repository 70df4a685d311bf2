"use client";

import { parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";

export const RUN_TABS = ["output", "script", "details"] as const;

/** Tab and attempt, as the URL holds them; no attempt means the newest one, also when it changes. */
export function useRunPageState() {
  return useQueryStates({ tab: parseAsStringLiteral(RUN_TABS).withDefault("output"), attempt: parseAsInteger }, { history: "replace", clearOnDefault: true });
}

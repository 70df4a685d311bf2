import type { RunSummary } from "#server/contracts/runs.ts";

import type { ToRow, Triage } from "./use-triage.ts";

/** What a list of dead letters is given, whether as a table or as cards. */
export type RowsProps = {
  label: string;
  rows: RunSummary[] | undefined;
  /** So many rows stand in while there are none yet. */
  skeletons: number;
  /** The rows are still those of the filter before: they may not be acted on under this one. */
  busy: boolean;
  toRow: ToRow;
  triage: Triage;
  onTag?: (tag: string) => void;
};

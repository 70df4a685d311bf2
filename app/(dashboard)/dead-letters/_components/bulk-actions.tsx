"use client";

import dynamic from "next/dynamic";

import type { DeadLetterFilter } from "#server/contracts/dead-letters.ts";

import { BulkBar } from "./bulk-bar.tsx";
import type { Triage } from "./use-triage.ts";

/** Most visits open no dialog: what they are made of is loaded when one is wanted. */
const DeedDialog = dynamic(() => import("./deed-dialog.tsx").then((module) => module.DeedDialog));

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

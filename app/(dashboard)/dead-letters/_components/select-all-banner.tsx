"use client";

import { selectedCount } from "./selection.ts";
import type { Triage } from "./use-triage.ts";

const number = (count: number) => count.toLocaleString("en-US");
const LINK = "rounded-xs font-medium text-accent-fg underline-offset-2 hover:underline disabled:opacity-60";

/** Above the rows: the page is selected, and all that match can be. `onPage`: what that is, in words. */
export function SelectAllBanner({ onPage, triage }: { onPage: string; triage: Triage }) {
  const { selection, matching } = triage;
  const { all } = selection;
  const left = selectedCount(selection);
  return (
    <div
      role="status"
      aria-label="Selection"
      className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1 border-b border-line bg-accent-soft px-4 py-2 text-sm"
    >
      {all === null ? (
        <>
          <span>{onPage} on this page selected.</span>
          <button type="button" disabled={triage.busy} onClick={triage.selectAll} className={LINK}>
            Select all {number(matching)} matching
          </button>
        </>
      ) : (
        <>
          <span>
            {left === all
              ? `All ${number(all)} matching are selected.`
              : `${number(left)} of ${number(all)} matching are selected: all but ${number(all - left)}.`}
          </span>
          <button type="button" onClick={triage.clear} className={LINK}>
            Clear
          </button>
        </>
      )}
    </div>
  );
}

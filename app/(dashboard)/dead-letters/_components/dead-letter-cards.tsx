"use client";

import Link from "next/link";

import { RelativeTime } from "#app/_components/relative-time.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";

import { RetryButton, WhatHappened } from "./dead-letter-cells.tsx";
import { PageCheckbox, RowCheckbox } from "./row-checkboxes.tsx";
import type { RowsProps } from "./rows-props.ts";
import { isSelected } from "./selection.ts";

/** The same for narrow screens: a card a dead letter. */
export function DeadLetterCards(props: RowsProps) {
  const { label, rows, skeletons, busy, toRow, triage } = props;
  return (
    <>
      {triage.mayAct && <PageCheckbox {...props} text="Select this page" />}
      <ul aria-label={label} aria-busy={busy || rows === undefined} className={cx("divide-y divide-line", busy && "opacity-60")}>
        {rows === undefined
          ? Array.from({ length: Math.min(skeletons, 5) }, (_, index) => (
              <li key={index} className="h-32 p-4">
                <Skeleton className="h-20 w-full" />
              </li>
            ))
          : rows.map((run) => (
              <li key={run.id} data-row-key={run.id} className={cx("flex gap-3 p-4", isSelected(triage.selection, toRow(run)) && "bg-accent-soft")}>
                {triage.mayAct && <RowCheckbox run={run} {...props} />}
                <div className="flex min-w-0 flex-1 flex-col gap-1.5">
                  <div className="flex items-start justify-between gap-3">
                    <Link href={`/runs/${run.id}`} prefetch={false} data-row-link className="min-w-0 truncate font-medium">
                      {run.name}
                    </Link>
                    <span className="shrink-0 text-xs text-fg-muted">
                      <RelativeTime at={run.finishedAt ?? run.createdAt} />
                    </span>
                  </div>
                  <WhatHappened run={run} wrap />
                  <div className="flex items-center justify-between gap-3 text-xs text-fg-muted">
                    <span>
                      {run.language} · {run.attemptCount === 1 ? "1 attempt" : `${run.attemptCount} attempts`}
                    </span>
                    {triage.mayAct && <RetryButton run={run} toRow={toRow} triage={triage} />}
                  </div>
                </div>
              </li>
            ))}
      </ul>
    </>
  );
}

"use client";

import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";

import { OutcomeBadge, OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { shortId } from "#app/_components/short-id.ts";
import { Button } from "#app/_components/ui/button.tsx";
import type { RunSummary } from "#server/contracts/runs.ts";

import type { RowsProps } from "./rows-props.ts";

/** How it ended, and the sentence of that attempt. */
export function WhatHappened({ run, wrap = false }: { run: RunSummary; wrap?: boolean }): ReactNode {
  const sentence = run.message ?? (run.outcome === null ? null : OUTCOME_LOOKS[run.outcome].sentence);
  return (
    <span className="flex min-w-0 flex-col">
      {run.outcome !== null && <OutcomeBadge outcome={run.outcome} exitCode={run.lastAttempt?.exitCode ?? null} />}
      {sentence !== null && (
        <span className={wrap ? "text-fg-muted" : "truncate text-fg-muted"} title={wrap ? undefined : sentence}>
          {sentence}
        </span>
      )}
    </span>
  );
}

/** Queues one again as it is. */
export function RetryButton({ run, toRow, triage }: { run: RunSummary } & Pick<RowsProps, "toRow" | "triage">) {
  const busy = triage.retryingId === run.id;
  return (
    <Button size="sm" aria-label={`Retry ${run.name} (${shortId(run.id)})`} busy={busy} onClick={() => triage.retryOne(toRow(run))}>
      {!busy && <RotateCw aria-hidden />}
      Retry
    </Button>
  );
}

/** The first tags; each narrows the page to its like, where that is asked for. */
export function Tags({ tags, onTag }: { tags: string[]; onTag: ((tag: string) => void) | undefined }) {
  if (tags.length === 0) return null;
  const look = "truncate rounded-sm border border-line bg-inset px-1.5 text-2xs text-fg-muted";
  return (
    <span className="hidden min-w-0 gap-1 md:flex">
      {tags.slice(0, 2).map((tag) =>
        onTag === undefined ? (
          <span key={tag} className={`max-w-32 self-center ${look}`}>
            {tag}
          </span>
        ) : (
          <button
            key={tag}
            type="button"
            aria-label={`Only dead letters tagged ${tag}`}
            onClick={() => onTag(tag)}
            className="group flex h-6 max-w-32 items-center"
          >
            <span className={`${look} group-hover:border-line-strong group-hover:text-fg`}>{tag}</span>
          </button>
        ),
      )}
      {tags.length > 2 && <span className="self-center text-2xs text-fg-subtle">+{tags.length - 2}</span>}
    </span>
  );
}

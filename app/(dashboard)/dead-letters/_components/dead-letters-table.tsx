"use client";

import { RotateCw } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

import { OutcomeBadge, OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { shortId } from "#app/_components/short-id.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Checkbox } from "#app/_components/ui/checkbox.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "#app/_components/ui/table.tsx";
import type { RunSummary } from "#server/contracts/runs.ts";

import { isSelected, pageState } from "./selection.ts";
import type { Selection } from "./selection.ts";

type RowsProps = {
  rows: RunSummary[] | undefined;
  /** The rows are still those of the filter before: they may not be acted on under this one. */
  busy: boolean;
  selection: Selection;
  /** `range`: from the row touched last to this one. */
  onSelect: (row: RunSummary, on: boolean, range: boolean) => void;
  onSelectPage: (on: boolean) => void;
  onRetry: (row: RunSummary) => void;
  retryingId: string | undefined;
  onTag: (tag: string) => void;
  mayAct: boolean;
};

/** Dead letters as a table: tick, how it ended, what it was, attempts, when. */
export function DeadLettersTable({ rows, busy, selection, onSelect, onSelectPage, onRetry, retryingId, onTag, mayAct }: RowsProps) {
  const page = pageState(selection, rows ?? []);
  return (
    <Table label="Dead letters" aria-busy={busy} className={busy && rows !== undefined ? "opacity-60" : undefined}>
      <TableHead>
        <tr>
          {mayAct && (
            <Th className="w-px pr-0!">
              <span className="flex">
                <Checkbox
                  aria-label="Select this page"
                  checked={page === "all" && rows !== undefined && rows.length > 0}
                  indeterminate={page === "some"}
                  disabled={rows === undefined || busy}
                  onChange={() => onSelectPage(page !== "all")}
                />
              </span>
            </Th>
          )}
          <Th>Name</Th>
          <Th>What happened</Th>
          <Th className="hidden lg:table-cell">Language</Th>
          <Th numeric>Attempts</Th>
          <Th numeric className="hidden md:table-cell">
            Created
          </Th>
          {mayAct && (
            <Th numeric>
              <span className="sr-only">Actions</span>
            </Th>
          )}
        </tr>
      </TableHead>
      <TableBody>
        {rows === undefined
          ? Array.from({ length: 10 }, (_, index) => (
              <TableRow key={index} className="h-15">
                <Td colSpan={7}>
                  <Skeleton className="h-5 w-full" />
                </Td>
              </TableRow>
            ))
          : rows.map((row) => (
              <TableRow key={row.id} selected={isSelected(selection, row)} className="h-15">
                {mayAct && (
                  <Td className="w-px pr-0!">
                    <RowCheckbox row={row} selection={selection} onSelect={onSelect} disabled={busy} />
                  </Td>
                )}
                <Td className="max-w-0 min-w-40 w-2/5">
                  <Link href={`/runs/${row.id}`} prefetch={false} data-row-link className="block truncate rounded-xs leading-6 font-medium hover:underline">
                    {row.name}
                  </Link>
                  <span className="flex items-center gap-2">
                    <span className="font-mono text-2xs text-fg-subtle" title={row.id}>
                      {shortId(row.id)}
                    </span>
                    <Tags tags={row.tags} onTag={onTag} />
                  </span>
                </Td>
                <Td className="max-w-0 min-w-48 w-3/5">
                  <WhatHappened row={row} />
                </Td>
                <Td className="hidden text-fg-muted lg:table-cell">{row.language}</Td>
                <Td numeric>
                  {row.attemptCount}
                  {row.attemptCount <= row.maxAttempts && <span className="text-fg-subtle">/{row.maxAttempts}</span>}
                </Td>
                <Td numeric className="hidden text-fg-muted md:table-cell">
                  <RelativeTime at={row.createdAt} />
                </Td>
                {mayAct && (
                  <Td numeric>
                    <RetryButton row={row} onRetry={onRetry} busy={retryingId === row.id} />
                  </Td>
                )}
              </TableRow>
            ))}
      </TableBody>
    </Table>
  );
}

/** The same for narrow screens: a card a dead letter. */
export function DeadLetterCards({ rows, busy, selection, onSelect, onSelectPage, onRetry, retryingId, mayAct }: RowsProps) {
  const page = pageState(selection, rows ?? []);
  return (
    <>
      {mayAct && (
        <label htmlFor="select-page" className="flex h-10 items-center gap-3 border-b border-line bg-inset px-4 text-xs font-medium text-fg-subtle">
          <Checkbox
            id="select-page"
            checked={page === "all" && rows !== undefined && rows.length > 0}
            indeterminate={page === "some"}
            disabled={rows === undefined || busy}
            onChange={() => onSelectPage(page !== "all")}
          />
          Select this page
        </label>
      )}
      <ul aria-label="Dead letters" aria-busy={busy} className="divide-y divide-line">
        {rows === undefined
          ? Array.from({ length: 5 }, (_, index) => (
              <li key={index} className="h-32 p-4">
                <Skeleton className="h-20 w-full" />
              </li>
            ))
          : rows.map((row) => (
              <li key={row.id} className={isSelected(selection, row) ? "flex gap-3 bg-accent-soft p-4" : "flex gap-3 p-4"}>
                {mayAct && <RowCheckbox row={row} selection={selection} onSelect={onSelect} disabled={busy} />}
                <div className="flex min-w-0 flex-1 flex-col gap-1.5">
                  <div className="flex items-start justify-between gap-3">
                    <Link href={`/runs/${row.id}`} prefetch={false} className="min-w-0 truncate font-medium">
                      {row.name}
                    </Link>
                    <span className="shrink-0 text-xs text-fg-muted">
                      <RelativeTime at={row.createdAt} />
                    </span>
                  </div>
                  <WhatHappened row={row} wrap />
                  <div className="flex items-center justify-between gap-3 text-xs text-fg-muted">
                    <span>
                      {row.language} · {row.attemptCount === 1 ? "1 attempt" : `${row.attemptCount} attempts`}
                    </span>
                    {mayAct && <RetryButton row={row} onRetry={onRetry} busy={retryingId === row.id} />}
                  </div>
                </div>
              </li>
            ))}
      </ul>
    </>
  );
}

function RowCheckbox({ row, selection, onSelect, disabled }: { row: RunSummary; selection: Selection; disabled: boolean } & Pick<RowsProps, "onSelect">) {
  return (
    <span className="flex">
      <Checkbox
        aria-label={`Select ${row.name} (${shortId(row.id)})`}
        checked={isSelected(selection, row)}
        disabled={disabled}
        onChange={(event) => onSelect(row, event.target.checked, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
      />
    </span>
  );
}

function WhatHappened({ row, wrap = false }: { row: RunSummary; wrap?: boolean }): ReactNode {
  const sentence = row.message ?? (row.outcome === null ? null : OUTCOME_LOOKS[row.outcome].sentence);
  return (
    <span className="flex min-w-0 flex-col">
      {row.outcome !== null && <OutcomeBadge outcome={row.outcome} exitCode={row.lastAttempt?.exitCode ?? null} />}
      {sentence !== null && (
        <span className={wrap ? "text-fg-muted" : "truncate text-fg-muted"} title={wrap ? undefined : sentence}>
          {sentence}
        </span>
      )}
    </span>
  );
}

function RetryButton({ row, onRetry, busy }: { row: RunSummary; onRetry: (row: RunSummary) => void; busy: boolean }) {
  return (
    <Button size="sm" aria-label={`Retry ${row.name} (${shortId(row.id)})`} busy={busy} onClick={() => onRetry(row)}>
      {!busy && <RotateCw aria-hidden />}
      Retry
    </Button>
  );
}

function Tags({ tags, onTag }: { tags: string[]; onTag: (tag: string) => void }) {
  if (tags.length === 0) return null;
  return (
    <span className="hidden min-w-0 gap-1 md:flex">
      {tags.slice(0, 2).map((tag) => (
        <button
          key={tag}
          type="button"
          aria-label={`Only dead letters tagged ${tag}`}
          onClick={() => onTag(tag)}
          className="group flex h-6 max-w-32 items-center"
        >
          <span className="truncate rounded-sm border border-line bg-inset px-1.5 text-2xs text-fg-muted group-hover:border-line-strong group-hover:text-fg">
            {tag}
          </span>
        </button>
      ))}
      {tags.length > 2 && <span className="self-center text-2xs text-fg-subtle">+{tags.length - 2}</span>}
    </span>
  );
}

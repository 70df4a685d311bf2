"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";

import { RelativeTime } from "#app/_components/relative-time.tsx";
import { shortId } from "#app/_components/short-id.ts";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "#app/_components/ui/table.tsx";
import type { RunSort, RunSummary } from "#server/contracts/runs.ts";

import { AttemptsCell, DurationCell, MemoryCell, RunStatusCell } from "./run-cells.tsx";
import { PageCheckbox, RowCheckbox } from "./select-boxes.tsx";
import type { Selecting } from "./select-boxes.tsx";

type RowsProps = {
  runs: RunSummary[] | undefined;
  /** The rows are still those of the filter before. */
  busy: boolean;
  /** Absent for who may only look. */
  selecting: Selecting | undefined;
};

/** Runs as a table; the whole row leads to the run. */
export function RunsTable({ runs, busy, selecting, sort, onSort }: RowsProps & { sort: RunSort; onSort: (sort: RunSort) => void }) {
  const SortIcon = sort === "newest" ? ArrowDown : ArrowUp;
  return (
    <Table label="Runs" aria-busy={busy} className={busy && runs !== undefined ? "opacity-60" : undefined}>
      <TableHead>
        <tr>
          {selecting && (
            <Th className="w-px pr-0!">
              <PageCheckbox selecting={selecting} runs={runs} busy={busy} />
            </Th>
          )}
          {/* As wide as their cells will be, so that nothing moves when the rows arrive. */}
          <Th className="xl:min-w-72">Status</Th>
          <Th className="sm:w-full">Name</Th>
          <Th className="hidden 2xl:table-cell">Language</Th>
          <Th numeric className="hidden md:table-cell">
            Attempts
          </Th>
          <Th className="hidden min-w-34 md:table-cell">Duration</Th>
          <Th className="hidden min-w-34 xl:table-cell">Peak memory</Th>
          <Th numeric aria-sort={sort === "newest" ? "descending" : "ascending"}>
            <button
              type="button"
              onClick={() => onSort(sort === "newest" ? "oldest" : "newest")}
              title={sort === "newest" ? "Newest first" : "Oldest first"}
              className="inline-flex items-center gap-1 rounded-xs font-medium hover:text-fg"
            >
              Created
              <SortIcon aria-hidden className="size-3.5" />
            </button>
          </Th>
        </tr>
      </TableHead>
      <TableBody>
        {runs === undefined
          ? Array.from({ length: 12 }, (_, index) => (
              <TableRow key={index} className="h-13">
                <Td colSpan={8}>
                  <Skeleton className="h-5 w-full" />
                </Td>
              </TableRow>
            ))
          : runs.map((run) => <RunRow key={run.id} run={run} selecting={selecting} busy={busy} />)}
      </TableBody>
    </Table>
  );
}

function RunRow({ run, selecting, busy }: { run: RunSummary } & Pick<RowsProps, "selecting" | "busy">) {
  return (
    <TableRow className="relative h-13" data-row-key={run.id} selected={selecting?.selection.has(run.id) ?? false}>
      {selecting && (
        <Td className="relative z-10 w-px pr-0!">
          <RowCheckbox run={run} selecting={selecting} busy={busy} />
        </Td>
      )}
      {/* Wide enough for a countdown beside an outcome: else the columns would move with its digits. */}
      <Td className="w-px pr-4 whitespace-nowrap xl:min-w-72">
        <RunStatusCell run={run} />
      </Td>
      <Td className="max-w-0 min-w-44 sm:w-full">
        <Link href={`/runs/${run.id}`} prefetch={false} data-row-link className="block truncate font-medium after:absolute after:inset-0">
          {run.name}
        </Link>
        <span className="flex items-center gap-2">
          <span className="font-mono text-2xs text-fg-subtle" title={run.id}>
            {shortId(run.id)}
          </span>
          <span className="text-2xs text-fg-subtle 2xl:hidden">{run.language}</span>
          <Tags tags={run.tags} />
        </span>
      </Td>
      <Td className="hidden text-fg-muted 2xl:table-cell">{run.language}</Td>
      <Td numeric className="hidden md:table-cell">
        <AttemptsCell run={run} />
      </Td>
      <Td className="hidden md:table-cell">
        <DurationCell run={run} />
      </Td>
      <Td className="hidden xl:table-cell">
        <MemoryCell run={run} />
      </Td>
      <Td numeric className="text-fg-muted">
        <span className="relative z-10">
          <RelativeTime at={run.createdAt} />
        </span>
      </Td>
    </TableRow>
  );
}

function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className="hidden min-w-0 gap-1 overflow-hidden md:flex">
      {tags.slice(0, 3).map((tag) => (
        <span key={tag} className="max-w-32 truncate rounded-xs border border-line bg-inset px-1 text-2xs leading-[0.875rem] text-fg-muted">
          {tag}
        </span>
      ))}
      {tags.length > 3 && <span className="text-2xs text-fg-subtle">+{tags.length - 3}</span>}
    </span>
  );
}

/** The same for narrow screens: a card a run. */
export function RunCards({ runs, busy, selecting }: RowsProps) {
  return (
    <>
      {selecting && (
        <div className="flex h-10 items-center gap-3 border-b border-line bg-inset px-4 text-xs font-medium text-fg-subtle">
          <PageCheckbox selecting={selecting} runs={runs} busy={busy} />
          <span aria-hidden>Select this page</span>
        </div>
      )}
      <ul aria-label="Runs" aria-busy={busy} className="divide-y divide-line">
        {runs === undefined
          ? Array.from({ length: 6 }, (_, index) => (
              <li key={index} className="h-28 p-4">
                <Skeleton className="h-16 w-full" />
              </li>
            ))
          : runs.map((run) => (
              <li
                key={run.id}
                data-row-key={run.id}
                className={selecting?.selection.has(run.id) ? "relative flex gap-3 bg-accent-soft p-4" : "relative flex gap-3 p-4"}
              >
                {selecting && (
                  <span className="relative z-10 flex">
                    <RowCheckbox run={run} selecting={selecting} busy={busy} />
                  </span>
                )}
                <div className="flex min-w-0 flex-1 flex-col gap-2">
                  <div className="flex items-start justify-between gap-3">
                    <Link href={`/runs/${run.id}`} prefetch={false} data-row-link className="min-w-0 truncate font-medium after:absolute after:inset-0">
                      {run.name}
                    </Link>
                    <span className="relative z-10 shrink-0 text-xs text-fg-muted">
                      <RelativeTime at={run.createdAt} />
                    </span>
                  </div>
                  <RunStatusCell run={run} wrap />
                  <div className="flex items-end justify-between gap-3 text-xs text-fg-muted">
                    <span>
                      {run.language} · attempt <AttemptsCell run={run} />
                    </span>
                    <DurationCell run={run} />
                  </div>
                </div>
              </li>
            ))}
      </ul>
    </>
  );
}

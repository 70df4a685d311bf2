"use client";

import Link from "next/link";

import { RelativeTime } from "#app/_components/relative-time.tsx";
import { shortId } from "#app/_components/short-id.ts";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "#app/_components/ui/table.tsx";

import { RetryButton, Tags, WhatHappened } from "./dead-letter-cells.tsx";
import { PageCheckbox, RowCheckbox } from "./row-checkboxes.tsx";
import type { RowsProps } from "./rows-props.ts";
import { isSelected } from "./selection.ts";

/** Dead letters as a table: tick, what it was, how it ended, attempts, when it died. */
export function DeadLetterTable({ onTag, ...props }: RowsProps) {
  const { label, rows, skeletons, busy, toRow, triage } = props;
  const { mayAct, selection } = triage;
  return (
    <Table label={label} aria-busy={busy || rows === undefined} className={busy && rows !== undefined ? "opacity-60" : undefined}>
      <TableHead>
        <tr>
          {mayAct && (
            <Th className="w-px pr-0!">
              <PageCheckbox {...props} />
            </Th>
          )}
          <Th>Name</Th>
          <Th>What happened</Th>
          <Th className="hidden lg:table-cell">Language</Th>
          <Th numeric>Attempts</Th>
          <Th numeric className="hidden md:table-cell">
            Died
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
          ? Array.from({ length: skeletons }, (_, index) => (
              <TableRow key={index} className="h-15">
                <Td colSpan={7}>
                  <Skeleton className="h-5 w-full" />
                </Td>
              </TableRow>
            ))
          : rows.map((run) => (
              <TableRow key={run.id} data-row-key={run.id} selected={isSelected(selection, toRow(run))} className="h-15">
                {mayAct && (
                  <Td className="w-px pr-0!">
                    <RowCheckbox run={run} {...props} />
                  </Td>
                )}
                <Td className="max-w-0 min-w-40 w-2/5">
                  <Link href={`/runs/${run.id}`} prefetch={false} data-row-link className="block truncate rounded-xs leading-6 font-medium hover:underline">
                    {run.name}
                  </Link>
                  <span className="flex items-center gap-2">
                    <span className="font-mono text-2xs text-fg-subtle" title={run.id}>
                      {shortId(run.id)}
                    </span>
                    <Tags tags={run.tags} onTag={onTag} />
                  </span>
                </Td>
                <Td className="max-w-0 min-w-48 w-3/5">
                  <WhatHappened run={run} />
                </Td>
                <Td className="hidden text-fg-muted lg:table-cell">{run.language}</Td>
                <Td numeric>
                  {run.attemptCount}
                  {run.attemptCount <= run.maxAttempts && <span className="text-fg-subtle">/{run.maxAttempts}</span>}
                </Td>
                <Td numeric className="hidden text-fg-muted md:table-cell">
                  <RelativeTime at={run.finishedAt ?? run.createdAt} />
                </Td>
                {mayAct && (
                  <Td numeric>
                    <RetryButton run={run} toRow={toRow} triage={triage} />
                  </Td>
                )}
              </TableRow>
            ))}
      </TableBody>
    </Table>
  );
}

"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "./button.tsx";

/** Paging by cursor: there is a next page or there is none; nobody counts pages. */
export function Pagination({
  label,
  summary,
  onPrevious,
  onNext,
  busy = false,
  previousLabel = "Newer",
  nextLabel = "Older",
}: {
  label: string;
  summary?: ReactNode;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  busy?: boolean;
  /** For lists that run the other way. */
  previousLabel?: string;
  nextLabel?: string;
}) {
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-3 border-t border-line px-4 py-2">
      <p className="text-xs text-fg-subtle">{summary}</p>
      <div className="flex gap-2">
        <Button size="sm" onClick={onPrevious} disabled={onPrevious === undefined || busy}>
          <ChevronLeft aria-hidden />
          {previousLabel}
        </Button>
        <Button size="sm" onClick={onNext} disabled={onNext === undefined || busy}>
          {nextLabel}
          <ChevronRight aria-hidden />
        </Button>
      </div>
    </nav>
  );
}

import type { ReactNode } from "react";

import { Skeleton } from "#app/_components/ui/skeleton.tsx";

/** A list whose rows are as wide as the page, and stack where it is narrow. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {children}
    </ul>
  );
}

/** One thing of it: what it is, what there is to know of it, what can be done. */
export function Row({ title, badges, facts, actions }: { title: ReactNode; badges?: ReactNode; facts: ReactNode; actions?: ReactNode }) {
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 font-medium">{title}</span>
          {badges}
        </div>
        <div className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-fg-subtle">{facts}</div>
      </div>
      {actions}
    </li>
  );
}

/** Rows that are still to come. */
export function RowsSkeleton() {
  return (
    <div className="flex flex-col gap-3 p-4" aria-busy>
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-9 w-full" />
      ))}
    </div>
  );
}

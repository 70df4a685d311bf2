import type { ReactNode } from "react";

/** One line of the settings: what it is at the left, its fields at the right. */
export function SettingRow({ name, hint, children }: { name: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 gap-y-2 px-4 py-3.5 md:grid-cols-[minmax(0,14rem)_minmax(0,1fr)]">
      <div className="min-w-0 md:pt-6">
        <p className="text-sm font-medium">{name}</p>
        {hint && <p className="text-xs text-fg-subtle">{hint}</p>}
      </div>
      <div className="grid min-w-0 grid-cols-2 items-start gap-3 sm:grid-cols-3">{children}</div>
    </div>
  );
}

/** A field's label that shows only what differs, and is called by its whole name: "Memory, default". */
export function PartLabel({ of, part }: { of: string; part: string }) {
  return (
    <span className="text-xs font-normal text-fg-subtle">
      <span className="sr-only">{of}, </span>
      <span className="inline-block first-letter:uppercase">{part}</span>
    </span>
  );
}

/** A value that is told, not set. */
export function Told({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="col-span-2 flex min-w-0 items-baseline gap-2 sm:col-span-1 sm:block">
      <p className="text-xs leading-5 text-fg-subtle">{name}</p>
      <p className="flex items-center text-sm text-fg-muted sm:mt-1.5 sm:min-h-8">{children}</p>
    </div>
  );
}

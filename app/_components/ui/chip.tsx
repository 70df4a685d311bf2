import type { ReactNode } from "react";

import { cx } from "./cx.ts";

type ChipProps = { label: string; count: ReactNode; pressed: boolean; onClick: () => void; icon?: ReactNode };

/** A toggle of a filter, with how many it would show. */
export function Chip({ label, count, pressed, onClick, icon }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className={cx(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium transition-colors duration-75",
        pressed ? "border-accent bg-accent-soft text-fg" : "border-line bg-surface text-fg-muted hover:border-line-strong hover:text-fg",
      )}
    >
      {icon}
      {label}
      {count}
    </button>
  );
}

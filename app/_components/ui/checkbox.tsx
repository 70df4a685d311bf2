"use client";

import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";

import { cx } from "./cx.ts";

/** A checkbox; `indeterminate` is for a header that stands for some of its rows. Label it with <label> or aria-label. */
export function Checkbox({ className, indeterminate = false, ...rest }: Omit<ComponentProps<"input">, "type"> & { indeterminate?: boolean }) {
  return (
    <span className={cx("relative inline-flex size-4 shrink-0", className)}>
      <input
        type="checkbox"
        ref={(element) => {
          if (element) element.indeterminate = indeterminate;
        }}
        className="peer size-4 appearance-none rounded-xs border border-neutral-mark bg-surface shadow-sm transition-colors duration-100 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:cursor-not-allowed disabled:opacity-50"
        {...rest}
      />
      <Check
        aria-hidden
        strokeWidth={3.5}
        className="pointer-events-none absolute inset-0.5 hidden size-3 text-on-accent peer-checked:block peer-indeterminate:hidden"
      />
      <Minus aria-hidden strokeWidth={3.5} className="pointer-events-none absolute inset-0.5 hidden size-3 text-on-accent peer-indeterminate:block" />
    </span>
  );
}

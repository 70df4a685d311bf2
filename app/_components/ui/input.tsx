import type { ComponentProps, ReactNode } from "react";

import { CONTROL_CLASS } from "./control-class.ts";
import { cx } from "./cx.ts";

/** A one-line text field; `icon` sits inside its start, `unit` inside its end. */
export function Input({ className, icon, unit, ...rest }: ComponentProps<"input"> & { icon?: ReactNode; unit?: ReactNode }) {
  const input = (
    <input
      autoComplete="off"
      spellCheck={false}
      className={cx(CONTROL_CLASS, "h-8", icon ? "pl-8" : "pl-2.5", unit ? "pr-12" : "pr-2.5", className)}
      {...rest}
    />
  );
  if (!icon && !unit) return input;
  return (
    <span className="relative block">
      {icon && (
        <span aria-hidden className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-fg-subtle [&_svg]:size-4">
          {icon}
        </span>
      )}
      {input}
      {unit && (
        <span aria-hidden className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-xs text-fg-subtle">
          {unit}
        </span>
      )}
    </span>
  );
}

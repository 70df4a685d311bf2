import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { CONTROL_CLASS } from "./control-class.ts";
import { cx } from "./cx.ts";

/** The browser's own select in our dress: native pickers on phones, type-ahead and form behaviour come for nothing. Children are `<option>`s. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <span className={cx("relative inline-block min-w-0", className)}>
      <select className={cx(CONTROL_CLASS, "h-8 appearance-none truncate pr-8 pl-2.5 [&>option]:bg-raised [&>option]:text-fg")} {...rest}>
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-fg-subtle" />
    </span>
  );
}

import type { ComponentProps } from "react";

import { cx } from "./cx.ts";

/** An on/off switch: a checkbox that says so to assistive technology. */
export function Switch({ className, ...rest }: Omit<ComponentProps<"input">, "type" | "role">) {
  return (
    <span className={cx("relative inline-flex h-5 w-9 shrink-0", className)}>
      <input
        type="checkbox"
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- a checkbox tells its state by itself
        role="switch"
        className="peer h-5 w-9 appearance-none rounded-full bg-neutral-mark transition-colors duration-100 checked:bg-accent disabled:cursor-not-allowed disabled:opacity-50"
        {...rest}
      />
      <span
        aria-hidden
        className="pointer-events-none absolute top-0.5 left-0.5 size-4 rounded-full bg-on-accent shadow-sm transition-transform duration-100 peer-checked:translate-x-4"
      />
    </span>
  );
}

import type { ComponentProps } from "react";

import { CONTROL_CLASS } from "./control-class.ts";
import { cx } from "./cx.ts";

/** A text field of several lines; `code` sets it in the monospaced face. */
export function Textarea({ className, code = false, ...rest }: ComponentProps<"textarea"> & { code?: boolean }) {
  return (
    <textarea
      spellCheck={!code}
      autoComplete="off"
      className={cx(CONTROL_CLASS, "min-h-20 resize-y px-2.5 py-1.5", code && "font-mono text-xs leading-5", className)}
      {...rest}
    />
  );
}

import type { ComponentProps } from "react";

import { cx } from "./cx.ts";
import { TONE_SOFT } from "./tone.ts";
import type { Tone } from "./tone.ts";

/** A short word about a thing, in a tone. An icon may be its first child. */
export function Badge({ tone = "neutral", className, ...rest }: ComponentProps<"span"> & { tone?: Tone }) {
  return (
    <span
      className={cx(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0",
        TONE_SOFT[tone],
        className,
      )}
      {...rest}
    />
  );
}

import { Scissors } from "lucide-react";
import { memo } from "react";

import { cx } from "#app/_components/ui/cx.ts";
import { formatBytes } from "#server/contracts/units.ts";

import { segmentsOf } from "./ansi-segments.ts";
import type { Segment } from "./ansi-segments.ts";
import type { LogLine } from "./split-lines.ts";

/** One row of the log. Drawn again only when its line changed. */
export const LogRow = memo(function LogRow({ line, number, wrap }: { line: LogLine; number: number; wrap: boolean }) {
  if (line.kind === "dropped") {
    return (
      <div className="flex h-5 items-center gap-2 bg-warning-soft px-3 font-sans text-xs text-warning-fg">
        <Scissors aria-hidden className="size-3.5 shrink-0" />
        {formatBytes(line.droppedBytes)} of output left out here: the output limit was reached. The beginning and the end are kept.
      </div>
    );
  }
  const isError = line.stream === "stderr";
  return (
    <div className={cx("flex min-h-5", isError && "bg-danger-soft")}>
      <span
        aria-hidden
        className={cx(
          "sticky left-0 w-14 shrink-0 border-r-2 pr-2 text-right text-fg-subtle select-none",
          isError ? "border-danger-mark bg-danger-soft" : "border-transparent bg-inset",
        )}
      >
        {number}
      </span>
      {isError && <span className="sr-only">stderr: </span>}
      <span className={cx("px-2", wrap ? "min-w-0 break-words whitespace-pre-wrap" : "whitespace-pre")}>
        {segmentsOf(line.style, line.text).map((segment, index) => (
          <Styled key={index} segment={segment} />
        ))}
      </span>
    </div>
  );
});

function Styled({ segment }: { segment: Segment }) {
  const { text, color, background, bold, dim, italic, underline, strikethrough } = segment;
  if (color === null && background === null && !bold && !dim && !italic && !underline && !strikethrough) return text;
  return (
    <span
      className={cx(bold && "font-semibold", dim && "opacity-80", italic && "italic", underline && "underline", strikethrough && "line-through")}
      style={{ ...(color === null ? {} : { color }), ...(background === null ? {} : { backgroundColor: background }) }}
    >
      {text}
    </span>
  );
}

import { Scissors } from "lucide-react";
import { memo } from "react";

import { cx } from "#app/_components/ui/cx.ts";
import type { LogLine } from "#server/contracts/lines.ts";
import { formatBytes } from "#server/contracts/units.ts";

import { segmentsOf } from "./ansi-segments.ts";
import type { Segment } from "./ansi-segments.ts";
import { markMatches } from "./find-matches.ts";
import type { Needle } from "./find-matches.ts";

/** How rows are shown, the same for all. */
export type RowLook = { wrap: boolean; times: boolean; needle: Needle | null };

export type RowActions = { onPick: (line: number) => void; onMore: (line: number) => void };

type LogRowProps = { line: LogLine | undefined; number: number; look: RowLook; isPicked: boolean; isFound: boolean; actions: RowActions };

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });

/** One row of the log. Drawn again only when its line or its look changed. */
export const LogRow = memo(function LogRow({ line, number, look, isPicked, isFound, actions }: LogRowProps) {
  if (line === undefined) {
    return (
      <div className="flex h-5">
        <LineNumber number={number} isError={false} />
        <span aria-hidden className="mx-2 my-1.5 h-2 w-40 rounded-xs bg-subtle" />
      </div>
    );
  }
  if (line.droppedBytes !== null) {
    return (
      <div className="flex h-5 items-center gap-2 bg-warning-soft px-3 font-sans text-xs whitespace-nowrap text-warning-fg">
        <Scissors aria-hidden className="size-3.5 shrink-0" />
        {formatBytes(line.droppedBytes)} of output left out here: the output limit was reached. The beginning and the end are kept.
      </div>
    );
  }
  const { wrap, times, needle } = look;
  const isError = line.stream === "stderr";
  const segments = segmentsOf(line.style, line.text);
  return (
    <div className={cx("flex min-h-5", isPicked ? "bg-accent-soft" : isFound ? "bg-warning-soft" : isError && "bg-danger-soft")}>
      <LineNumber number={line.line} isError={isError} isPicked={isPicked} onPick={() => actions.onPick(line.line)} />
      {times && (
        <time dateTime={line.at} title={line.at} suppressHydrationWarning className="shrink-0 pl-2 text-fg-muted select-none">
          {TIME.format(new Date(line.at))}
        </time>
      )}
      {isError && <span className="sr-only">stderr: </span>}
      <span dir="ltr" className={cx("px-2 [unicode-bidi:isolate]", wrap ? "min-w-0 break-words whitespace-pre-wrap" : "whitespace-pre")}>
        {needle === null
          ? segments.map((segment, index) => <Styled key={index} segment={segment} />)
          : markMatches(segments, needle).map((segment, index) =>
              segment.isMatch ? (
                <mark key={index} className="rounded-xs bg-[light-dark(#ffd866,#7a5a00)] text-[light-dark(#18181b,#ffffff)]">
                  {segment.text}
                </mark>
              ) : (
                <Styled key={index} segment={segment} />
              ),
            )}
        {line.more > 0 && (
          <button
            type="button"
            className="ml-1 rounded-xs bg-neutral-soft px-1.5 font-sans text-neutral-fg underline underline-offset-2 hover:text-fg"
            onClick={() => actions.onMore(line.line)}
          >
            … {formatBytes(line.more)} more
          </button>
        )}
      </span>
    </div>
  );
});

/** The line's number: a click links to the line. For the keyboard there is the search field (":123") and the link in the bar. */
function LineNumber({ number, isError, isPicked = false, onPick }: { number: number; isError: boolean; isPicked?: boolean; onPick?: () => void }) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- a tab stop a line would bury the page's others; the same is done with the keyboard above
    <span
      aria-hidden
      onClick={onPick}
      className={cx(
        "sticky left-0 w-16 shrink-0 border-r-2 pr-2 text-right select-none",
        onPick && "cursor-pointer hover:text-fg hover:underline",
        isPicked
          ? "border-accent bg-accent-soft font-semibold text-accent-fg"
          : isError
            ? "border-danger-mark bg-danger-soft text-fg-subtle"
            : "border-transparent bg-inset text-fg-subtle",
      )}
    >
      {number}
    </span>
  );
}

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

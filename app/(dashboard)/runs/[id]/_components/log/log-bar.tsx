"use client";

import { ArrowDownToLine, CaseSensitive, ChevronDown, ChevronUp, Clock, LoaderCircle, Search, WrapText, X } from "lucide-react";
import type { RefObject } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { Button, IconButton } from "#app/_components/ui/button.tsx";
import { CopyButton } from "#app/_components/ui/copy-button.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { Input } from "#app/_components/ui/input.tsx";
import { Select } from "#app/_components/ui/select.tsx";
import type { LogView } from "#server/contracts/lines.ts";

import type { LogSearch } from "./use-log-search.ts";

const VIEWS: Record<LogView, string> = { all: "stdout and stderr", stdout: "stdout", stderr: "stderr" };
const PRESSED = "bg-accent-soft text-accent-fg!";

type LogBarProps = {
  rows: number;
  view: LogView;
  onView: (view: LogView) => void;
  search: LogSearch;
  field: RefObject<HTMLInputElement | null>;
  onGoTo: (line: number) => void;
  /** Leaves the field for the log. */
  onLeave: () => void;
  picked: number | null;
  linkTo: (line: number) => string;
  onUnpick: () => void;
  times: boolean;
  onTimes: () => void;
  wrap: boolean;
  onWrap: () => void;
  following: boolean;
  onFollow: () => void;
};

/** What can be done with the log: search it, choose what is shown, follow its end. */
export function LogBar(props: LogBarProps) {
  const { rows, view, onView, search, field, onGoTo, onLeave, picked, linkTo, onUnpick, times, onTimes, wrap, onWrap, following, onFollow } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 border-b border-line px-3 py-1.5">
      <div role="search" aria-label="Search the whole output" className="flex min-w-0 flex-1 basis-64 items-center gap-1">
        <div className="min-w-0 flex-1 sm:max-w-72">
          <Input
            ref={field}
            type="search"
            aria-label="Search the output"
            aria-keyshortcuts="/"
            placeholder="Search all lines, or :123"
            icon={<Search />}
            maxLength={200}
            className="h-7! text-xs!"
            value={search.text}
            onChange={(event) => search.setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                const line = /^:(\d{1,9})$/.exec(search.text.trim())?.[1];
                if (line !== undefined) {
                  onGoTo(Math.max(1, Number(line)));
                  search.setText("");
                  onLeave();
                } else if (event.shiftKey) search.previous();
                else search.next();
              }
              if (event.key === "Escape") {
                search.setText("");
                onLeave();
              }
            }}
          />
        </div>
        <IconButton
          label="Match case"
          size="sm"
          aria-pressed={search.matchCase}
          className={cx(search.matchCase && PRESSED)}
          onClick={() => search.setMatchCase(!search.matchCase)}
        >
          <CaseSensitive aria-hidden />
        </IconButton>
        <Matches search={search} />
      </div>
      <p role="status" aria-label="Lines" className="text-xs whitespace-nowrap text-fg-subtle">
        {rows === 0 ? "" : `${rows.toLocaleString("en-US")} ${rows === 1 ? "line" : "lines"}`}
      </p>
      <div className="flex flex-wrap items-center gap-1">
        {picked !== null && (
          <span className="inline-flex items-center gap-0.5 rounded-sm bg-accent-soft pl-2 text-xs text-accent-fg">
            Line {picked.toLocaleString("en-US")}
            <CopyButton value={linkTo(picked)} label={`Copy link to line ${picked}`} />
            <IconButton label="Unmark the line" size="sm" className="size-6!" onClick={onUnpick}>
              <X aria-hidden className="size-3.5!" />
            </IconButton>
          </span>
        )}
        <Select
          aria-label="Streams"
          className="[&>select]:h-7 [&>select]:text-xs [&>svg]:top-1.5"
          value={view}
          onChange={(event) => onView((Object.keys(VIEWS) as LogView[]).find((one) => one === event.target.value) ?? "all")}
        >
          {Object.entries(VIEWS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Button size="sm" variant="ghost" aria-pressed={times} onClick={onTimes} className={cx(times && PRESSED)}>
          <Clock aria-hidden />
          Times
        </Button>
        <Button size="sm" variant="ghost" aria-pressed={wrap} onClick={onWrap} className={cx(wrap && PRESSED)}>
          <WrapText aria-hidden />
          Wrap
        </Button>
        <Button size="sm" variant="ghost" aria-pressed={following} aria-keyshortcuts="f" onClick={onFollow} className={cx(following && PRESSED)}>
          <ArrowDownToLine aria-hidden />
          Follow
        </Button>
      </div>
    </div>
  );
}

/** How many lines match, and the way from one to the next. */
function Matches({ search }: { search: LogSearch }) {
  const { count, position, needle, busy, error } = search;
  const says =
    error !== null
      ? describeError(error).message
      : needle === null
        ? ""
        : count === undefined
          ? "Searching"
          : count === 0
            ? "No line matches"
            : `${position === null ? "" : `${position.toLocaleString("en-US")} of `}${count.toLocaleString("en-US")}`;
  return (
    <>
      <span role="status" aria-label="Matching lines" className={cx("text-xs whitespace-nowrap", error === null ? "text-fg-muted" : "text-danger-fg")}>
        {busy && needle !== null ? <LoaderCircle aria-hidden className="inline size-3.5 animate-spin" /> : null} {says}
      </span>
      {needle !== null && count !== undefined && count > 0 && (
        <>
          <IconButton label="Previous match" size="sm" aria-keyshortcuts="Shift+N" onClick={search.previous}>
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton label="Next match" size="sm" aria-keyshortcuts="n" onClick={search.next}>
            <ChevronDown aria-hidden />
          </IconButton>
        </>
      )}
    </>
  );
}

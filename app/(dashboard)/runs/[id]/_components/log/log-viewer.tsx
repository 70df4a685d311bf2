"use client";

import { ArrowDown } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import type { LogView } from "#server/contracts/lines.ts";

import { rowsInSight, scrollTopFor } from "./anchor.ts";
import { useFollow } from "./follow.ts";
import { LogBar } from "./log-bar.tsx";
import { LogRows } from "./log-rows.tsx";
import type { LogStore } from "./log-store.ts";
import { useLogKeys } from "./use-log-keys.ts";
import { useLogSearch } from "./use-log-search.ts";
import { useStoredFlag } from "./use-stored-flag.ts";

const LineDialog = dynamic(() => import("./line-dialog.tsx").then((module) => module.LineDialog));

/** A row to bring into sight; a new object each time, so that the same row can be asked for again. */
export type RowWanted = { row: number };

type LogViewerProps = {
  store: LogStore;
  runId: string;
  attempt: number;
  /** Nothing more will come. */
  ended: boolean;
  /** When retention took what it printed; null while it is there. */
  removedAt: string | null;
  view: LogView;
  onView: (view: LogView) => void;
  /** The line that the URL names. */
  picked: number | null;
  onPick: (line: number | null) => void;
  wanted: RowWanted | null;
};

/** An attempt's output: only what is in sight is loaded and drawn, however long it is. */
export function LogViewer({ store, runId, attempt, ended, removedAt, view, onView, picked, onPick, wanted }: LogViewerProps) {
  const { rows, version, state, error } = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [wrap, toggleWrap] = useStoredFlag("corral-log-wrap");
  const [times, toggleTimes] = useStoredFlag("corral-log-times");
  const [long, setLong] = useState<number | null>(null);
  const { following, unread, follow, pause } = useFollow(box, rows, version, picked === null);

  const goTo = (row: number) => {
    const element = box.current;
    if (element === null || rows === 0) return;
    pause();
    const { first, end } = rowsInSight({ top: element.scrollTop, height: element.clientHeight, count: rows });
    // What is in sight already stays where it is; the outermost rows may be half hidden.
    if (row > first + 1 && row < end) return;
    element.scrollTop = scrollTopFor(Math.min(row, rows) - 1, { height: element.clientHeight, count: rows });
  };
  const topRow = () => {
    const element = box.current;
    return element === null ? 1 : rowsInSight({ top: element.scrollTop, height: element.clientHeight, count: rows }).first + 1;
  };
  const search = useLogSearch({ runId, attempt, view, growing: !ended, topRow, onFound: goTo });

  const [initialRow] = useState(picked);
  useEffect(() => void store.open(view === "all" ? initialRow : null), [store, view, initialRow]);

  // What the URL names, and what is asked for elsewhere on the page, is brought into sight once it is known how long the log is.
  // While a run prints, a line may be named that is still to come.
  const isKnown = rows > 0;
  const isThere = picked !== null && rows >= picked;
  useEffect(() => {
    // Of a single stream, rows are not numbered as lines are.
    if (picked === null || !isKnown || view !== "all") return;
    goTo(picked);
    // Who follows a link to a line wants to see it, however much stands above the log.
    if (picked === initialRow) box.current?.scrollIntoView({ block: "nearest" });
  }, [picked, isKnown, isThere]); // oxlint-disable-line react-hooks/exhaustive-deps -- not again when lines are added
  useEffect(() => {
    if (wanted !== null && isKnown) goTo(wanted.row);
  }, [wanted, isKnown]); // oxlint-disable-line react-hooks/exhaustive-deps -- as above

  const toggleFollow = following ? pause : follow;
  useLogKeys({ follow: toggleFollow, search: () => field.current?.focus(), next: search.next, previous: search.previous });

  const { needle } = search;
  const look = useMemo(() => ({ wrap, times, needle }), [wrap, times, needle?.text, needle?.matchCase]); // oxlint-disable-line react-hooks/exhaustive-deps -- the same words are the same needle
  const latestPick = useRef(onPick);
  useEffect(() => {
    latestPick.current = onPick;
  });
  const actions = useMemo(() => ({ onPick: (line: number) => latestPick.current(line), onMore: setLong }), []);

  return (
    <div className="relative">
      <LogBar
        rows={rows}
        view={view}
        onView={onView}
        search={search}
        field={field}
        onGoTo={onPick}
        onLeave={() => box.current?.focus()}
        picked={picked}
        linkTo={(line) => linkTo(line, attempt)}
        onUnpick={() => onPick(null)}
        times={times}
        onTimes={toggleTimes}
        wrap={wrap}
        onWrap={toggleWrap}
        following={following}
        onFollow={toggleFollow}
      />
      <div
        ref={box}
        role="log"
        aria-label={`Output of attempt ${attempt}`}
        aria-live="off"
        aria-busy={state === "loading"}
        tabIndex={0}
        className="h-[min(62vh,42rem)] min-h-72 scroll-mt-32 overflow-auto bg-inset font-mono text-xs leading-5 [contain:strict] [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        {rows === 0 ? (
          <Nothing state={state} ended={ended} removedAt={removedAt} error={error} view={view} onRetry={store.retry} />
        ) : (
          <LogRows store={store} rows={rows} box={box} following={following} look={look} picked={picked} found={search.row} actions={actions} />
        )}
      </div>
      {!following && rows > 0 && !ended && (
        <div className="pointer-events-none absolute inset-x-0 bottom-4 flex justify-center">
          <Button size="sm" variant="primary" className="pointer-events-auto animate-in rounded-full! shadow-lg" onClick={follow}>
            {unread === 0 ? "Paused" : `Paused, ${unread.toLocaleString("en-US")} new ${unread === 1 ? "line" : "lines"}`}
            <ArrowDown aria-hidden />
          </Button>
        </div>
      )}
      {state === "error" && rows > 0 && (
        <p role="alert" className="flex flex-wrap items-center gap-2 border-t border-danger-line bg-danger-soft px-3 py-1.5 text-xs text-danger-fg">
          Some lines could not be loaded. {describeError(error).message}
          <Button size="sm" onClick={store.retry}>
            Retry
          </Button>
        </p>
      )}
      {long !== null && <LineDialog runId={runId} attempt={attempt} line={long} onClose={() => setLong(null)} />}
    </div>
  );
}

/** A link to a line of an attempt, whichever is the newest by the time it is opened. */
function linkTo(line: number, attempt: number): string {
  if (typeof window === "undefined") return "";
  const url = new URL(window.location.href);
  url.search = new URLSearchParams({ attempt: String(attempt), line: String(line) }).toString();
  return url.href;
}

type NothingProps = { state: "loading" | "ready" | "error"; ended: boolean; removedAt: string | null; error: unknown; view: LogView; onRetry: () => void };

function Nothing({ state, ended, removedAt, error, view, onRetry }: NothingProps) {
  if (state === "error") {
    return (
      <div className="font-sans text-sm">
        <ErrorState title="The output could not be loaded" {...describeError(error)} onRetry={onRetry} />
      </div>
    );
  }
  if (state === "loading") {
    return (
      <div className="flex flex-col gap-2 p-3">
        {["w-2/3", "w-1/2", "w-3/5"].map((width) => (
          <Skeleton key={width} className={`h-3 ${width}`} />
        ))}
      </div>
    );
  }
  if (removedAt !== null) {
    return (
      <p className="p-4 font-sans text-sm text-fg-subtle">
        Its output was kept as long as Settings say, and removed <RelativeTime at={removedAt} />.
      </p>
    );
  }
  const where = view === "all" ? "" : ` to ${view}`;
  return (
    <p className="p-4 font-sans text-sm text-fg-subtle">
      {ended ? `It printed nothing${where}.` : `Nothing printed${where} yet. Lines appear here as the script prints them.`}
    </p>
  );
}

"use client";

import { ArrowDown, ArrowDownToLine, WrapText } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";

import { useFollow } from "./follow.ts";
import { FixedRows, WrappedRows } from "./log-rows.tsx";
import type { LogStore } from "./log-store.ts";

type LogViewerProps = {
  store: LogStore;
  attempt: number;
  /** Nothing more will come. */
  ended: boolean;
  /** When retention took what it printed; null while it is there. */
  removedAt: string | null;
};

/** An attempt's output: only the rows in sight are drawn, however long it is. */
export function LogViewer({ store, attempt, ended, removedAt }: LogViewerProps) {
  const { lines, version, state, error } = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  const box = useRef<HTMLDivElement>(null);
  const [wrap, setWrap] = useState(false);
  const { following, unread, follow, pause } = useFollow(box, lines.length, version);
  const toggle = following ? pause : follow;
  useFollowKey(toggle);

  const isEmpty = lines.length === 0;
  const Rows = wrap ? WrappedRows : FixedRows;
  return (
    <div className="relative">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <p role="status" className="mr-auto text-xs text-fg-subtle">
          {isEmpty ? "" : `${lines.length.toLocaleString("en-US")} ${lines.length === 1 ? "line" : "lines"}`}
        </p>
        <Button size="sm" variant="ghost" aria-pressed={wrap} onClick={() => setWrap(!wrap)} className={cx(wrap && "bg-accent-soft text-accent-fg!")}>
          <WrapText aria-hidden />
          Wrap
        </Button>
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={following}
          aria-keyshortcuts="f"
          onClick={toggle}
          className={cx(following && "bg-accent-soft text-accent-fg!")}
        >
          <ArrowDownToLine aria-hidden />
          Follow
        </Button>
      </div>
      <div
        ref={box}
        role="log"
        aria-label={`Output of attempt ${attempt}`}
        aria-live="off"
        aria-busy={state === "loading"}
        tabIndex={0}
        className="h-[min(62vh,42rem)] min-h-72 overflow-auto bg-inset font-mono text-xs leading-5 [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        {isEmpty ? (
          <Nothing state={state} ended={ended} removedAt={removedAt} error={error} onRetry={() => void store.load()} />
        ) : (
          <Rows lines={lines} box={box} />
        )}
      </div>
      {!following && !isEmpty && !ended && (
        <div className="pointer-events-none absolute inset-x-0 bottom-4 flex justify-center">
          <Button size="sm" variant="primary" className="pointer-events-auto animate-in rounded-full! shadow-lg" onClick={follow}>
            {unread === 0 ? "Paused" : `Paused, ${unread.toLocaleString("en-US")} new ${unread === 1 ? "line" : "lines"}`}
            <ArrowDown aria-hidden />
          </Button>
        </div>
      )}
      {state === "error" && !isEmpty && (
        <p role="alert" className="flex flex-wrap items-center gap-2 border-t border-danger-line bg-danger-soft px-3 py-1.5 text-xs text-danger-fg">
          The rest of the output could not be loaded. {describeError(error).message}
          <Button size="sm" onClick={() => void store.load()}>
            Retry
          </Button>
        </p>
      )}
    </div>
  );
}

type NothingProps = Pick<LogViewerProps, "ended" | "removedAt"> & { state: "loading" | "ready" | "error"; error: unknown; onRetry: () => void };

function Nothing({ state, ended, removedAt, error, onRetry }: NothingProps) {
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
  return (
    <p className="p-4 font-sans text-sm text-fg-subtle">
      {ended ? "It printed nothing." : "Nothing printed yet. Lines appear here as the script prints them."}
    </p>
  );
}

/** `f` follows or pauses, as long as nobody types. */
function useFollowKey(toggle: () => void): void {
  const latest = useRef(toggle);
  useEffect(() => {
    latest.current = toggle;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]")) return;
      latest.current();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

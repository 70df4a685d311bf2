"use client";

import { useLiveState } from "../../_live/live-provider.tsx";
import { cx } from "../ui/cx.ts";
import { Tooltip } from "../ui/tooltip.tsx";

const LOOKS = {
  live: { label: "Live", says: "This page follows every change as it happens.", dot: "bg-success-mark", text: "text-success-fg" },
  connecting: { label: "Connecting", says: "The event stream is being opened.", dot: "animate-pulse bg-neutral-mark", text: "text-fg-muted" },
  reconnecting: {
    label: "Reconnecting",
    says: "The event stream is lost: what you see may be old. It is opened again by itself.",
    dot: "animate-pulse bg-warning-mark",
    text: "text-warning-fg",
  },
  paused: { label: "Paused", says: "Nothing is followed while this tab is hidden.", dot: "bg-neutral-mark", text: "text-fg-muted" },
} as const;

/** Says honestly whether the page is live. */
export function LivePill() {
  const { label, says, dot, text } = LOOKS[useLiveState()];
  return (
    <Tooltip content={says} side="bottom">
      <span
        tabIndex={0}
        role="status"
        aria-label={`Updates: ${label}`}
        className={cx("inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-xs font-medium", text)}
      >
        <span aria-hidden className={cx("size-1.5 rounded-full", dot)} />
        {label}
      </span>
    </Tooltip>
  );
}

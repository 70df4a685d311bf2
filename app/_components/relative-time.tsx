"use client";

import { useNow } from "./now.ts";
import { relativeTime } from "./time-text.ts";
import { Tooltip } from "./ui/tooltip.tsx";

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** "3 min ago", with the exact local and UTC time on hover and on focus. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <Tooltip
      content={
        <span className="grid grid-cols-[auto_1fr] gap-x-2">
          <span className="text-fg-subtle">Local</span>
          <span>{LOCAL.format(new Date(at))}</span>
          <span className="text-fg-subtle">UTC</span>
          <span>
            {at
              .replace("T", " ")
              .replace(/\.\d+Z$/, "")
              .replace("Z", "")}
          </span>
        </span>
      }
    >
      <time dateTime={at} tabIndex={0} suppressHydrationWarning className={className ?? "rounded-xs whitespace-nowrap"}>
        {now === null ? at.slice(0, 16).replace("T", " ") : relativeTime(at, now)}
      </time>
    </Tooltip>
  );
}

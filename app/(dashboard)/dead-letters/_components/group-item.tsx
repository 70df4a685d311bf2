"use client";

import { BellOff, ChevronRight, CircleCheckBig, Undo2 } from "lucide-react";
import dynamic from "next/dynamic";

import { OutcomeBadge } from "#app/_components/outcome-badge.tsx";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Checkbox } from "#app/_components/ui/checkbox.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import type { DeadLetterGroup } from "#server/contracts/dead-letters.ts";

import { deadLettersText, momentText } from "./bulk-text.ts";
import type { GroupDetailProps } from "./group-detail.tsx";
import { GroupMenu } from "./group-menu.tsx";
import { groupState } from "./selection.ts";
import { Sparkline } from "./sparkline.tsx";
import type { GroupDeeds } from "./use-group-deeds.ts";

const GroupDetail = dynamic(() => import("./group-detail.tsx").then((module) => module.GroupDetail), {
  loading: () => <div aria-busy="true" className="h-24" />,
});

/** Under the group of rows' header; on narrow screens a card. */
export const GROUP_GRID =
  "grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 sm:grid-cols-[auto_minmax(0,1fr)_6rem_4.5rem_6rem_2rem] sm:items-center";

type GroupItemProps = GroupDetailProps & {
  open: boolean;
  onOpen: (open: boolean) => void;
  onTick: (on: boolean, range: boolean) => void;
  deeds: GroupDeeds;
};

/** A group of dead letters that died alike: what it is, how many, when; opened, its runs. */
export function GroupItem({ open, onOpen, onTick, deeds, ...detail }: GroupItemProps) {
  const { group, triage } = detail;
  const { fingerprint, title, count } = group;
  const tick = groupState(triage.selection, fingerprint);
  const detailId = `group-${fingerprint}`;
  return (
    <li>
      <div data-row-key={fingerprint} className={cx(GROUP_GRID, "px-4 py-3", tick === "none" ? "hover:bg-subtle" : "bg-accent-soft")}>
        <span className="flex w-4 pt-1 sm:pt-0">
          {triage.mayAct && (
            <Checkbox
              aria-label={`Select the group ${title}`}
              checked={tick === "all"}
              indeterminate={tick === "some"}
              disabled={triage.busy}
              onChange={(event) => onTick(tick !== "all", event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
            />
          )}
        </span>
        <div className="min-w-0">
          <button
            type="button"
            data-row-link
            aria-expanded={open}
            aria-controls={detailId}
            onClick={() => onOpen(!open)}
            className="flex w-full min-w-0 items-start gap-1.5 rounded-xs text-left font-medium"
          >
            <ChevronRight aria-hidden className={cx("mt-0.5 size-4 shrink-0 text-fg-subtle transition-transform duration-100", open && "rotate-90")} />
            <span className="line-clamp-2 min-w-0 font-mono text-xs leading-5">{title}</span>
          </button>
          <span className="mt-0.5 flex flex-wrap items-center gap-x-2.5 gap-y-1 pl-5.5 text-xs text-fg-muted">
            <OutcomeBadge outcome={group.outcome} exitCode={group.why.exitCode} />
            <span className="max-w-full truncate">{group.scripts.join(", ")}</span>
            <span>
              first seen <RelativeTime at={group.firstSeenAt} />
            </span>
            <StateBadge group={group} />
          </span>
        </div>
        <span className="hidden sm:block">
          <Sparkline hourly={group.hourly} />
        </span>
        <span className="hidden text-right text-base font-semibold sm:block">
          {count.toLocaleString("en-US")}
          <span className="sr-only"> dead letters</span>
        </span>
        <span className="hidden text-right text-fg-muted sm:block">
          <RelativeTime at={group.lastSeenAt} />
        </span>
        <span className="-my-1 flex w-8 justify-end">{triage.mayAct && <GroupMenu group={group} deeds={deeds} />}</span>
        <span className="col-span-2 col-start-2 mt-2 flex items-center justify-between gap-3 pl-5.5 text-xs text-fg-muted sm:hidden">
          <span className="font-medium text-fg">{deadLettersText(count)}</span>
          <Sparkline hourly={group.hourly} />
          <RelativeTime at={group.lastSeenAt} />
        </span>
      </div>
      <div id={detailId} hidden={!open}>
        {open && <GroupDetail {...detail} />}
      </div>
    </li>
  );
}

function StateBadge({ group }: { group: DeadLetterGroup }) {
  const by = group.changedBy === null ? "" : ` by ${group.changedBy}`;
  if (group.state === "ignored") {
    return (
      <Badge tone="neutral">
        <BellOff aria-hidden />
        Ignored{group.ignoredUntil === null ? "" : ` until ${momentText(group.ignoredUntil)}`}
        {by}
      </Badge>
    );
  }
  if (group.state === "resolved") {
    return (
      <Badge tone="success">
        <CircleCheckBig aria-hidden />
        Resolved{by}
      </Badge>
    );
  }
  if (group.reopenedAt === null) return null;
  return (
    <Badge tone="warning">
      <Undo2 aria-hidden />
      Came back <RelativeTime at={group.reopenedAt} />
    </Badge>
  );
}

"use client";

import { CircleCheck } from "lucide-react";
import Link from "next/link";

import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { TONE_TEXT } from "#app/_components/ui/tone.ts";
import type { TopGroup } from "#server/contracts/overview.ts";
import { formatCounted } from "#server/contracts/units.ts";

/** What fails most: the largest groups of dead letters. */
export function TopGroupsCard({ groups }: { groups: TopGroup[] | undefined }) {
  return (
    <Card
      flush
      title="What fails most"
      description="Dead letters that died alike"
      actions={
        <ButtonLink href="/dead-letters" prefetch={false} size="sm">
          All dead letters
        </ButtonLink>
      }
    >
      {groups?.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title="Nothing waits for you">
          Runs that fail for good are gathered here by what they died of.
        </EmptyState>
      ) : (
        <ul aria-label="Groups" aria-busy={groups === undefined} className="divide-y divide-line">
          {groups === undefined
            ? Array.from({ length: 5 }, (_, index) => (
                <li key={index} className="flex h-14 items-center px-4">
                  <Skeleton className="h-5 w-full" />
                </li>
              ))
            : groups.map((group) => <GroupRow key={group.fingerprint} group={group} />)}
        </ul>
      )}
    </Card>
  );
}

function GroupRow({ group: { fingerprint, outcome, title, count, arrived, lastSeenAt } }: { group: TopGroup }) {
  const { Icon, label, tone } = OUTCOME_LOOKS[outcome];
  return (
    <li className="relative flex h-14 items-center gap-3 px-4 transition-colors duration-75 hover:bg-subtle">
      <Icon aria-hidden className={cx("size-4 shrink-0", TONE_TEXT[tone])} />
      <div className="min-w-0 flex-1">
        <Link
          href={`/dead-letters?group=${encodeURIComponent(fingerprint)}`}
          prefetch={false}
          title={title}
          className="block truncate font-medium after:absolute after:inset-0"
        >
          {title}
        </Link>
        <p className="flex gap-2 truncate text-xs text-fg-muted">
          <span className={TONE_TEXT[tone]}>{label}</span>
          <span className="relative z-10">
            <RelativeTime at={lastSeenAt} />
          </span>
        </p>
      </div>
      <p className="shrink-0 text-right">
        <span className="block font-medium">
          {formatCounted(count, true)}
          <span className="sr-only"> dead letters</span>
        </span>
        <span className="block text-xs text-fg-muted">{arrived === 0 ? "none in 24 h" : `+${formatCounted(arrived, true)} in 24 h`}</span>
      </p>
    </li>
  );
}

"use client";

import { STATUS_LOOKS } from "#app/_components/status-badge.tsx";
import { Chip } from "#app/_components/ui/chip.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { TONE_TEXT } from "#app/_components/ui/tone.ts";
import { RUN_STATUSES } from "#server/contracts/statuses.ts";
import type { RunStatus } from "#server/contracts/statuses.ts";
import { COUNTED_MAX, formatCounted } from "#server/contracts/units.ts";

/** The statuses as toggles, each with how many runs it would show. */
export function StatusChips({
  counts,
  complete,
  chosen,
  onToggle,
  onAll,
}: {
  counts: Record<RunStatus, number> | undefined;
  /** Whether all were counted. */
  complete: boolean;
  chosen: readonly RunStatus[];
  onToggle: (status: RunStatus) => void;
  onAll: () => void;
}) {
  const total = counts === undefined ? undefined : Object.values(counts).reduce((sum, count) => sum + count, 0);
  const allComplete = complete && Object.values(counts ?? {}).every((count) => count < COUNTED_MAX);
  return (
    <div role="group" aria-label="Status" className="-mx-4 flex gap-1.5 overflow-x-auto px-4 py-1 sm:mx-0 sm:flex-wrap sm:px-0">
      <Chip label="All" count={<Count of={total} complete={allComplete} />} pressed={chosen.length === 0} onClick={onAll} />
      {RUN_STATUSES.map((status) => {
        const { label, tone, Icon } = STATUS_LOOKS[status];
        return (
          <Chip
            key={status}
            label={label}
            count={<Count of={counts?.[status]} complete={complete} />}
            pressed={chosen.includes(status)}
            onClick={() => onToggle(status)}
            icon={<Icon aria-hidden className={cx("size-3.5", TONE_TEXT[tone])} />}
          />
        );
      })}
    </div>
  );
}

function Count({ of, complete }: { of: number | undefined; complete: boolean }) {
  return (
    <span className={cx("min-w-2 text-right font-normal", of === 0 ? "text-fg-subtle" : "text-fg-muted")}>
      {of === undefined ? "–" : formatCounted(of, complete)}
    </span>
  );
}

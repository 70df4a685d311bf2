import { Ban, CircleCheck, CircleX, Clock, LoaderCircle, RotateCw, Skull, Trash2 } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

import type { RunStatus } from "#server/contracts/statuses.ts";

import { Badge } from "./ui/badge.tsx";
import type { Tone } from "./ui/tone.ts";

/** How each status looks: always icon, word and colour together. */
export const STATUS_LOOKS: Record<RunStatus, { label: string; tone: Tone; Icon: LucideIcon }> = {
  queued: { label: "Queued", tone: "neutral", Icon: Clock },
  running: { label: "Running", tone: "info", Icon: LoaderCircle },
  retrying: { label: "Retrying", tone: "warning", Icon: RotateCw },
  succeeded: { label: "Succeeded", tone: "success", Icon: CircleCheck },
  failed: { label: "Failed", tone: "danger", Icon: CircleX },
  dead: { label: "Dead", tone: "dead", Icon: Skull },
  cancelled: { label: "Cancelled", tone: "neutral", Icon: Ban },
  discarded: { label: "Discarded", tone: "neutral", Icon: Trash2 },
};

/** Where a run stands. `detail` follows the word: "in 12 s (2/5)". */
export function StatusBadge({ status, detail }: { status: RunStatus; detail?: ReactNode }) {
  const { label, tone, Icon } = STATUS_LOOKS[status];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={status === "running" ? "animate-spin" : undefined} />
      <span>
        {label}
        {detail !== undefined && detail !== null && <span className="font-normal"> {detail}</span>}
      </span>
    </Badge>
  );
}

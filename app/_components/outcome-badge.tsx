import { Ban, Bug, CircleCheck, FileWarning, FileX, MemoryStick, Network, Terminal, Timer, Unplug, Zap } from "lucide-react";
import type { LucideIcon } from "lucide-react";

import type { Outcome } from "#server/contracts/statuses.ts";

import { cx } from "./ui/cx.ts";
import { TONE_TEXT } from "./ui/tone.ts";
import type { Tone } from "./ui/tone.ts";

/** How each outcome looks, and a sentence for where the attempt's own is not at hand. */
export const OUTCOME_LOOKS: Record<Outcome, { label: string; sentence: string; tone: Tone; Icon: LucideIcon }> = {
  succeeded: { label: "Succeeded", sentence: "The script ended by itself with exit code 0.", tone: "success", Icon: CircleCheck },
  cancelled: { label: "Cancelled", sentence: "A person or the caller ended it.", tone: "neutral", Icon: Ban },
  timeout: { label: "Timed out", sentence: "Ended at its wall-clock limit.", tone: "warning", Icon: Timer },
  output_limit: { label: "Output limit", sentence: "Ended because its output passed the limit.", tone: "warning", Icon: FileWarning },
  out_of_memory: { label: "Out of memory", sentence: "The kernel killed a process of it at the memory limit.", tone: "danger", Icon: MemoryStick },
  process_limit: { label: "Process limit", sentence: "It failed after it reached the most processes it may have.", tone: "danger", Icon: Network },
  disk_limit: { label: "Disk full", sentence: "It failed with its workspace full.", tone: "danger", Icon: FileWarning },
  signal: { label: "Signal", sentence: "A signal ended it that Corral did not send.", tone: "danger", Icon: Zap },
  exit_nonzero: { label: "Non-zero exit", sentence: "The script ended with an exit code other than 0.", tone: "danger", Icon: Terminal },
  spawn_error: { label: "Could not start", sentence: "The interpreter or the sandbox could not be started.", tone: "danger", Icon: FileX },
  worker_lost: { label: "Worker lost", sentence: "Its worker died or was stopped; this does not use up a retry.", tone: "warning", Icon: Unplug },
  internal_error: { label: "Internal error", sentence: "Corral failed, not the script; this does not use up a retry.", tone: "warning", Icon: Bug },
};

/** How an attempt ended: beside the status, never instead of it. */
export function OutcomeBadge({ outcome, exitCode, className }: { outcome: Outcome; exitCode?: number | null; className?: string }) {
  const { label, tone, Icon } = OUTCOME_LOOKS[outcome];
  return (
    <span className={cx("inline-flex items-center gap-1 text-xs whitespace-nowrap", TONE_TEXT[tone], className)}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {outcome === "exit_nonzero" && exitCode !== undefined && exitCode !== null ? `Exit ${exitCode}` : label}
    </span>
  );
}

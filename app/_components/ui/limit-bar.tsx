import { cx } from "./cx.ts";
import { TONE_MARK } from "./tone.ts";
import type { Tone } from "./tone.ts";

/** A used share of a limit, as a thin bar; `label` says it in words ("210 MiB of 256 MiB"). Turns to warning at 80 % and to danger at the limit, unless `tone` says otherwise. */
export function LimitBar({ value, limit, label, tone, className }: { value: number; limit: number; label: string; tone?: Tone; className?: string }) {
  const share = limit > 0 ? Math.min(1, Math.max(0, value / limit)) : 0;
  const shown = tone ?? (share >= 0.995 ? "danger" : share >= 0.8 ? "warning" : "neutral");
  return (
    <span role="img" aria-label={label} className={cx("block h-1 w-full overflow-hidden rounded-full bg-neutral-line", className)}>
      <span className={cx("block h-full rounded-full", TONE_MARK[shown])} style={{ width: `${Math.max(share * 100, value > 0 ? 2 : 0)}%` }} />
    </span>
  );
}

/** How far something that ends has come. */
export function ProgressBar({ value, max, label, tone = "info" }: { value: number; max: number; label: string; tone?: Tone }) {
  const share = max > 0 ? Math.min(1, value / max) : 0;
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      className="block h-1.5 w-full overflow-hidden rounded-full bg-neutral-line"
    >
      <span className={cx("block h-full rounded-full transition-[width] duration-200", TONE_MARK[tone])} style={{ width: `${share * 100}%` }} />
    </span>
  );
}

import type { ComponentProps, CSSProperties } from "react";

import { cx } from "./cx.ts";

const TRACK =
  "[&::-webkit-slider-runnable-track]:h-1 [&::-webkit-slider-runnable-track]:rounded-full [&::-webkit-slider-runnable-track]:bg-(image:--track) [&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-full [&::-moz-range-track]:bg-(image:--track)";
const THUMB =
  "[&::-webkit-slider-thumb]:-mt-1.5 [&::-webkit-slider-thumb]:size-4 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-surface [&::-webkit-slider-thumb]:bg-accent [&::-webkit-slider-thumb]:shadow-sm [&::-moz-range-thumb]:size-3 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-2 [&::-moz-range-thumb]:border-surface [&::-moz-range-thumb]:bg-accent";

type SliderProps = Omit<ComponentProps<"input">, "type" | "value" | "max" | "onChange"> & { value: number; max: number; onValue: (value: number) => void };

/** Whole steps from 0 to `max`. Name it with aria-label, and say with aria-valuetext what a step means. */
export function Slider({ value, max, onValue, className, ...rest }: SliderProps) {
  const share = max > 0 ? (value / max) * 100 : 0;
  const track = { "--track": `linear-gradient(to right, var(--accent) ${share}%, var(--line-strong) ${share}%)` } as CSSProperties;
  return (
    <input
      type="range"
      min={0}
      max={max}
      step={1}
      value={value}
      onChange={(event) => onValue(Number(event.target.value))}
      style={track}
      className={cx(
        "h-6 min-w-0 flex-1 cursor-pointer appearance-none rounded-sm bg-transparent disabled:cursor-not-allowed disabled:opacity-50",
        TRACK,
        THUMB,
        className,
      )}
      {...rest}
    />
  );
}

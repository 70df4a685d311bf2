"use client";

import { formatLimit } from "#server/contracts/units.ts";
import type { LimitName } from "#server/contracts/statuses.ts";

import { cx } from "../ui/cx.ts";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Slider } from "../ui/slider.tsx";
import { LIMIT_LOOKS, exactLimit, nearestStop, readLimit, sliderStops } from "./limit-text.ts";
import type { LimitRange } from "./limit-text.ts";

type LimitFieldProps = {
  name: LimitName;
  /** As typed; empty leaves the limit to `emptyMeans`. */
  text: string;
  onChange: (text: string) => void;
  range: LimitRange;
  /** What the server found wrong with it. */
  serverError?: string | undefined;
  /** Shown in the empty field; the default's value unless told. */
  emptyMeans?: string;
  disabled?: boolean;
};

/** One limit: an exact field that takes people's units, a slider, presets, and what the administrator allows. */
export function LimitField({ name, text, onChange, range, serverError, emptyMeans, disabled = false }: LimitFieldProps) {
  const { label, presets } = LIMIT_LOOKS[name];
  const { value, problem } = readLimit(name, text, range);
  const stops = sliderStops(name, range.maximum);
  const shown = value ?? range.default;
  // Left empty it is the default; or each run's own, which is no one value.
  const pressed = value ?? (emptyMeans === undefined ? range.default : null);
  const useMaximum = () => onChange(exactLimit(name, range.maximum));
  const error =
    problem === null ? (
      serverError
    ) : problem.kind === "above_maximum" ? (
      <>
        {problem.message}{" "}
        <button type="button" onClick={useMaximum} className="font-medium underline underline-offset-2">
          Use maximum
        </button>
      </>
    ) : (
      problem.message
    );
  const defaultText = emptyMeans === undefined ? `Default ${formatLimit(name, range.default)} · ` : "";
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Field
        label={label}
        error={error}
        hint={`${defaultText}${emptyMeans === undefined ? "maximum" : "Maximum"} ${formatLimit(name, range.maximum)}, set by the administrator`}
        aside={
          text !== "" && !disabled ? (
            <button
              type="button"
              aria-label={`Reset ${label.toLowerCase()}`}
              onClick={() => onChange("")}
              className="rounded-xs text-accent-fg underline-offset-2 hover:underline"
            >
              Reset
            </button>
          ) : undefined
        }
      >
        {(control) => (
          <div className="flex min-w-0 items-center gap-3">
            <Input
              {...control}
              name={name}
              value={text}
              disabled={disabled}
              placeholder={emptyMeans ?? exactLimit(name, range.default)}
              onChange={(event) => onChange(event.target.value)}
              className="max-w-36 min-w-28"
            />
            <Slider
              aria-label={`${label}, by slider`}
              aria-valuetext={pressed === null ? emptyMeans : formatLimit(name, shown)}
              max={stops.length - 1}
              disabled={disabled}
              value={nearestStop(stops, shown)}
              className={pressed === null ? "opacity-50" : undefined}
              onValue={(index) => onChange(exactLimit(name, stops[index] ?? range.default))}
            />
          </div>
        )}
      </Field>
      <div role="group" aria-label={`Presets for ${label.toLowerCase()}`} className="flex flex-wrap gap-1">
        {presets
          .filter((preset) => preset <= range.maximum)
          .map((preset) => (
            <button
              key={preset}
              type="button"
              disabled={disabled}
              aria-pressed={pressed === preset}
              onClick={() => onChange(exactLimit(name, preset))}
              className={cx(
                "h-6 rounded-sm border px-1.5 text-xs transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50",
                pressed === preset ? "border-accent bg-accent-soft text-accent-fg" : "border-line bg-surface text-fg-muted hover:bg-subtle hover:text-fg",
              )}
            >
              {formatLimit(name, preset).replace(" processes", "")}
            </button>
          ))}
      </div>
    </div>
  );
}

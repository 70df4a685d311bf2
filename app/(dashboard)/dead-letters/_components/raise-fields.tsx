"use client";

import { ArrowRight } from "lucide-react";
import { useState } from "react";

import { LIMIT_LOOKS } from "#app/_components/policy/limit-text.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { cx } from "#app/_components/ui/cx.ts";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import type { SettingsValues } from "#server/contracts/settings.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";
import { formatLimit } from "#server/contracts/units.ts";

import { FACTOR_CHOICES, factorText, previewWords } from "./raise-text.ts";
import type { RaiseTexts } from "./raise-text.ts";

type Preview = Parameters<typeof previewWords>[0];

type RaiseFieldsProps = {
  texts: RaiseTexts;
  onChange: (texts: RaiseTexts) => void;
  rules: SettingsValues["limits"];
  problems: Partial<Record<LimitName, string>>;
  preview: Preview[] | undefined;
  serverError: (name: LimitName) => string | undefined;
};

/** What runs die of most; the others are a click away. */
const FIRST: readonly LimitName[] = ["memoryBytes", "timeoutMs"];

/** Each limit as a value or a multiple of each run's own, with what it comes to. */
export function RaiseFields({ texts, onChange, rules, problems, preview, serverError }: RaiseFieldsProps) {
  const [all, setAll] = useState(false);
  const names = all ? [...FIRST, ...LIMIT_NAMES.filter((name) => !FIRST.includes(name))] : FIRST;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        {names.map((name) => (
          <RaiseField
            key={name}
            name={name}
            text={texts[name] ?? ""}
            onChange={(text) => onChange({ ...texts, [name]: text })}
            maximum={rules[name].maximum}
            problem={problems[name] ?? serverError(name)}
            preview={preview?.find((limit) => limit.name === name)}
          />
        ))}
      </div>
      {!all && (
        <Button size="sm" variant="ghost" className="self-start" onClick={() => setAll(true)}>
          CPU, processes, output and disk too
        </Button>
      )}
    </div>
  );
}

type RaiseFieldProps = {
  name: LimitName;
  text: string;
  onChange: (text: string) => void;
  maximum: number;
  problem: string | undefined;
  preview: Preview | undefined;
};

function RaiseField({ name, text, onChange, maximum, problem, preview }: RaiseFieldProps) {
  const { label } = LIMIT_LOOKS[name];
  const words = preview === undefined ? undefined : previewWords(preview, maximum);
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Field label={label} error={problem} hint={`A value, or × 2 of each run’s own. Maximum ${formatLimit(name, maximum)}`}>
        {(control) => (
          <span className="flex gap-1.5">
            <Input {...control} name={name} value={text} placeholder="each run’s own" onChange={(event) => onChange(event.target.value)} />
            <span role="group" aria-label={`Multiples for ${label.toLowerCase()}`} className="flex shrink-0 gap-1">
              {FACTOR_CHOICES.map((factor) => {
                const choice = factorText(factor);
                const pressed = text === choice;
                return (
                  <button
                    key={factor}
                    type="button"
                    aria-pressed={pressed}
                    onClick={() => onChange(pressed ? "" : choice)}
                    className={cx(
                      "h-8 rounded-sm border px-1.5 text-xs whitespace-nowrap transition-colors duration-100",
                      pressed ? "border-accent bg-accent-soft text-accent-fg" : "border-line bg-surface text-fg-muted hover:bg-subtle hover:text-fg",
                    )}
                  >
                    {choice}
                  </button>
                );
              })}
            </span>
          </span>
        )}
      </Field>
      {words !== undefined && (
        <p role="status" aria-label={`${label}, before and after`} className="flex flex-wrap items-center gap-x-1.5 text-xs text-fg-muted">
          <span>{words.before}</span>
          <ArrowRight aria-hidden className="size-3 shrink-0 text-fg-subtle" />
          <span className="sr-only">becomes</span>
          <span className="font-medium text-fg">{words.after}</span>
          {words.warnings.map((warning) => (
            <span key={warning} className="basis-full text-warning-fg">
              {warning}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

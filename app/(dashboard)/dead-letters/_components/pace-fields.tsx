"use client";

import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";

import type { PaceDraft } from "./pace-text.ts";
import { readPace } from "./pace-text.ts";

const FIELDS = [
  { name: "rate", label: "Pace", unit: "a minute", placeholder: "as fast as it goes", hint: "Runs queued a minute at most" },
  { name: "canaryCount", label: "Canary", unit: "first", placeholder: "none", hint: "So many go first, the rest after them" },
  { name: "canaryPercent", label: "Go on if", unit: "% pass", placeholder: "80", hint: "Else it pauses and says why" },
] as const;

/** How fast many are sent, and how many go first. */
export function PaceFields({ draft, onChange }: { draft: PaceDraft; onChange: (draft: PaceDraft) => void }) {
  const { problems } = readPace(draft);
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      {FIELDS.map(({ name, label, unit, placeholder, hint }) => (
        <Field key={name} label={label} hint={hint} error={problems[name]}>
          {(control) => (
            <Input
              {...control}
              name={name}
              inputMode="numeric"
              unit={unit}
              className="pr-18!"
              value={draft[name]}
              placeholder={placeholder}
              disabled={name === "canaryPercent" && draft.canaryCount.trim() === ""}
              onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

"use client";

import { Eye, EyeOff, LockKeyhole, LockKeyholeOpen, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { Button, IconButton } from "#app/_components/ui/button.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { Tooltip } from "#app/_components/ui/tooltip.tsx";

import type { EnvRow } from "./run-draft.ts";

/** The environment as rows of name and value; values are hidden until one asks to see them. */
export function EnvRows({ rows, onChange, error }: { rows: EnvRow[]; onChange: (rows: EnvRow[]) => void; error?: string | undefined }) {
  const [shown, setShown] = useState(false);
  const set = (id: number, patch: Partial<EnvRow>) => onChange(rows.map((row) => (row.id === id ? { ...row, ...patch } : row)));
  const add = () => onChange([...rows, { id: Math.max(-1, ...rows.map((row) => row.id)) + 1, name: "", value: "", secret: false, from: null }]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={error === undefined ? "env-hint" : "env-hint env-error"}>
      <legend className="sr-only">Environment</legend>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span aria-hidden className="text-sm font-medium">
          Environment
        </span>
        <span className="flex gap-2">
          {rows.length > 0 && (
            <Button size="sm" variant="ghost" aria-pressed={shown} onClick={() => setShown(!shown)}>
              {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              {shown ? "Hide values" : "Show values"}
            </Button>
          )}
          <Button size="sm" onClick={add}>
            <Plus aria-hidden />
            Add variable
          </Button>
        </span>
      </div>
      {rows.map((row, index) => {
        const which = row.name.trim() === "" ? `variable ${index + 1}` : row.name.trim();
        return (
          <div key={row.id} className="flex items-center gap-2">
            <Input
              aria-label={`Name of variable ${index + 1}`}
              aria-invalid={error === undefined ? undefined : true}
              placeholder="NAME"
              value={row.name}
              onChange={(event) => set(row.id, { name: event.target.value })}
              className="font-mono text-xs!"
            />
            <span aria-hidden className="text-fg-subtle">
              =
            </span>
            <Input
              aria-label={`Value of ${which}`}
              type={shown && !row.secret ? "text" : "password"}
              placeholder={row.secret && row.from !== null ? "•••• as in the cloned run" : undefined}
              autoComplete="new-password"
              data-1p-ignore
              value={row.value}
              onChange={(event) => set(row.id, { value: event.target.value })}
              className="font-mono text-xs!"
            />
            <Tooltip content={row.secret ? "Secret: encrypted, shown to nobody, masked in output" : "Make it secret"}>
              <IconButton
                label={`${which} is secret`}
                aria-pressed={row.secret}
                onClick={() => set(row.id, { secret: !row.secret, from: null })}
                className={row.secret ? "text-accent-fg" : undefined}
              >
                {row.secret ? <LockKeyhole aria-hidden /> : <LockKeyholeOpen aria-hidden />}
              </IconButton>
            </Tooltip>
            <IconButton label={`Remove ${which}`} onClick={() => onChange(rows.filter((other) => other.id !== row.id))}>
              <Trash2 aria-hidden />
            </IconButton>
          </div>
        );
      })}
      <p id="env-hint" className="text-xs text-fg-subtle">
        The script sees these and nothing of the worker’s own. Values are never kept in the draft. A secret one is encrypted, shown to nobody, and masked in
        output where it stands there as it is.
      </p>
      {error !== undefined && (
        <p id="env-error" role="alert" className="text-xs text-danger-fg">
          {error}
        </p>
      )}
    </fieldset>
  );
}

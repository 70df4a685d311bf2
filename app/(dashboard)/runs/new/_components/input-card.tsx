"use client";

import { Card } from "#app/_components/ui/card.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Textarea } from "#app/_components/ui/textarea.tsx";

import { EnvRows } from "./env-rows.tsx";
import type { RunDraft } from "./run-draft.ts";

/** What the script is given: arguments, standard input, environment. */
export function InputCard({
  draft,
  update,
  problem,
}: {
  draft: RunDraft;
  update: (patch: Partial<RunDraft>) => void;
  problem: (path: string) => string | undefined;
}) {
  return (
    <Card title="Input">
      <div className="flex flex-col gap-5">
        <div className="grid gap-4 md:grid-cols-2">
          <Field label="Arguments" hint="One a line. A line in “double quotes” is read as a JSON string." error={problem("args")}>
            {(control) => (
              <Textarea
                {...control}
                code
                wrap="off"
                rows={3}
                value={draft.args}
                placeholder={"--verbose\ninput.csv"}
                onChange={(event) => update({ args: event.target.value })}
              />
            )}
          </Field>
          <Field label="Standard input" hint="Empty if you leave it so" error={problem("stdin")}>
            {(control) => <Textarea {...control} code wrap="off" rows={3} value={draft.stdin} onChange={(event) => update({ stdin: event.target.value })} />}
          </Field>
        </div>
        <EnvRows rows={draft.env} onChange={(env) => update({ env })} error={problem("env")} />
      </div>
    </Card>
  );
}

"use client";

import { LimitField } from "#app/_components/policy/limit-field.tsx";
import { readLimit } from "#app/_components/policy/limit-text.ts";
import { RetryFields, RetryPreview } from "#app/_components/policy/retry-fields.tsx";
import { retryRefusals } from "#app/_components/policy/retry-text.ts";
import { Card } from "#app/_components/ui/card.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { Switch } from "#app/_components/ui/switch.tsx";
import type { LimitName } from "#server/contracts/statuses.ts";

import type { SubmitRules } from "./build-submit.ts";
import type { RunDraft } from "./run-draft.ts";

type CardProps = { draft: RunDraft; update: (patch: Partial<RunDraft>) => void; problem: (path: string) => string | undefined };

const FIRST: LimitName[] = ["timeoutMs", "memoryBytes", "cpuMillis"];
const MORE: LimitName[] = ["pidsMax", "outputMaxBytes", "diskMaxBytes"];

/** Name and tags. */
export function DetailsCard({ draft, update, problem }: CardProps) {
  return (
    <Card title="Details">
      <div className="grid gap-4 md:grid-cols-2">
        <Field label="Name" hint="The script’s first line if you leave it empty" error={problem("name")}>
          {(control) => <Input {...control} name="name" maxLength={200} value={draft.name} onChange={(event) => update({ name: event.target.value })} />}
        </Field>
        <Field label="Tags" hint="Parted by spaces or commas" error={problem("tags")}>
          {(control) => (
            <Input {...control} name="tags" value={draft.tags} placeholder="nightly team:data" onChange={(event) => update({ tags: event.target.value })} />
          )}
        </Field>
      </div>
    </Card>
  );
}

/** What the kernel holds each attempt to, and whether it may use the network. */
export function LimitsCard({ draft, update, rules, serverProblem }: CardProps & { rules: SubmitRules; serverProblem: (path: string) => string | undefined }) {
  const set = (name: LimitName) => (text: string) => update({ limits: { ...draft.limits, [name]: text } });
  const field = (name: LimitName) => (
    <LimitField
      key={name}
      name={name}
      text={draft.limits[name]}
      onChange={set(name)}
      range={rules.limits[name]}
      serverError={serverProblem(`limits.${name}`)}
    />
  );
  const moreNeedsEye = MORE.some((name) => draft.limits[name] !== "");
  return (
    <Card title="Limits" description="Of one attempt, held by the kernel">
      <div className="flex flex-col gap-5">
        {FIRST.map(field)}
        <details open={moreNeedsEye || undefined} className="group border-t border-line pt-3">
          <summary className="rounded-xs text-sm font-medium text-fg-muted hover:text-fg">Processes, output, disk</summary>
          <div className="flex flex-col gap-5 pt-4">{MORE.map(field)}</div>
        </details>
        <NetworkSwitch draft={draft} update={update} allowed={rules.network.allowed} serverProblem={serverProblem("network")} />
      </div>
    </Card>
  );
}

function NetworkSwitch({
  draft,
  update,
  allowed,
  serverProblem,
}: Pick<CardProps, "draft" | "update"> & { allowed: boolean; serverProblem: string | undefined }) {
  const problem = draft.network && !allowed ? "Not allowed by the administrator: switch it off to submit." : serverProblem;
  return (
    <div className="flex items-start justify-between gap-4 border-t border-line pt-4">
      <div className="min-w-0">
        <label htmlFor="network" className="text-sm font-medium">
          Network access
        </label>
        <p id="network-hint" className="text-xs text-fg-subtle">
          {allowed ? "Off unless the script needs it." : "The administrator does not allow it (Settings, Network)."}
        </p>
        {problem !== undefined && (
          <p id="network-error" role="alert" className="text-xs text-danger-fg">
            {problem}
          </p>
        )}
      </div>
      {/* A cloned run may have it on where it is no longer allowed: then it can be switched off, not on. */}
      <Switch
        id="network"
        aria-describedby="network-hint"
        aria-invalid={problem === undefined ? undefined : true}
        checked={draft.network}
        disabled={!allowed && !draft.network}
        onChange={(event) => update({ network: event.target.checked })}
      />
    </div>
  );
}

/** How often a failed attempt is tried again, what that comes to, and what becomes of a run that fails for good. */
export function RetriesCard({ draft, update, rules, serverProblem }: CardProps & { rules: SubmitRules; serverProblem: (path: string) => string | undefined }) {
  const timeout = readLimit("timeoutMs", draft.limits.timeoutMs, rules.limits.timeoutMs);
  return (
    <Card title="Retries" description="When an attempt fails">
      <div className="flex flex-col gap-4">
        <RetryFields draft={draft.retry} onChange={(retry) => update({ retry })} defaults={rules.retry} serverErrors={retryRefusals(serverProblem)} />
        <RetryPreview draft={draft.retry} defaults={rules.retry} timeoutMs={timeout.value ?? rules.limits.timeoutMs.default} />
        <div className="flex items-start justify-between gap-4 border-t border-line pt-4">
          <div className="min-w-0">
            <label htmlFor="dead-letter" className="text-sm font-medium">
              Keep as dead letter
            </label>
            <p id="dead-letter-hint" className="text-xs text-fg-subtle">
              When it fails for good it waits for a person. Off: it just ends as failed.
            </p>
          </div>
          <Switch
            id="dead-letter"
            aria-describedby="dead-letter-hint"
            checked={draft.deadLetter}
            onChange={(event) => update({ deadLetter: event.target.checked })}
          />
        </div>
      </div>
    </Card>
  );
}

/** Where the limits and retries will be, while the settings load. */
export function PolicySkeleton() {
  return (
    <>
      {[24, 30].map((height) => (
        <Card key={height}>
          <div className="flex flex-col gap-4">
            {[1, 2, 3, 4].map((row) => (
              <Skeleton key={row} className="h-16 w-full" />
            ))}
          </div>
        </Card>
      ))}
    </>
  );
}

"use client";

import type { ReactNode } from "react";

import { LIMIT_LOOKS } from "#app/_components/policy/limit-text.ts";
import { OUTCOME_LOOKS } from "#app/_components/outcome-badge.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { Checkbox } from "#app/_components/ui/checkbox.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { Select } from "#app/_components/ui/select.tsx";
import { Switch } from "#app/_components/ui/switch.tsx";
import type { Limits } from "#server/contracts/policy.ts";
import { LIMIT_NAMES, POLICY_OUTCOMES } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";
import { formatLimit } from "#server/contracts/units.ts";

import { PartLabel, SettingRow, Told } from "./setting-row.tsx";
import type { SettingsDraft, SettingsProblems } from "./settings-draft.ts";

export type SectionProps = { draft: SettingsDraft; update: (patch: Partial<SettingsDraft>) => void; problems: SettingsProblems };

type TextProps = {
  label: ReactNode;
  path: string;
  value: string;
  onChange: (value: string) => void;
  problems: SettingsProblems;
  unit?: string;
  note?: string | undefined;
};

function TextSetting({ label, path, value, onChange, problems, unit, note }: TextProps) {
  return (
    <Field label={label} error={problems[path]} hint={note === undefined ? undefined : <span className="text-warning-fg">{note}</span>}>
      {(control) => <Input {...control} name={path} value={value} unit={unit} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

/** Each limit's default, its maximum, and what the host can give at most. */
export function LimitsSection({
  draft,
  update,
  problems,
  ceilings,
  exceeding,
}: SectionProps & { ceilings: Limits; exceeding: Partial<Record<LimitName, string>> }) {
  return (
    <Card title="Limits" description="What a run gets that asks for nothing, and the most it may ask for" flush>
      <div className="divide-y divide-line">
        {LIMIT_NAMES.map((name) => {
          const { label, hint } = LIMIT_LOOKS[name];
          const texts = draft.limits[name];
          const set = (patch: Partial<typeof texts>) => update({ limits: { ...draft.limits, [name]: { ...texts, ...patch } } });
          return (
            <SettingRow key={name} name={label} hint={hint}>
              <TextSetting
                label={<PartLabel of={label} part="default" />}
                path={`limits.${name}.default`}
                value={texts.default}
                onChange={(value) => set({ default: value })}
                problems={problems}
              />
              <TextSetting
                label={<PartLabel of={label} part="maximum" />}
                path={`limits.${name}.maximum`}
                value={texts.maximum}
                onChange={(value) => set({ maximum: value })}
                problems={problems}
                note={exceeding[name]}
              />
              <Told name="Host’s ceiling">{formatLimit(name, ceilings[name])}</Told>
            </SettingRow>
          );
        })}
      </div>
    </Card>
  );
}

/** How a failed attempt is tried again unless the run says otherwise. */
export function RetrySection({ draft, update, problems }: SectionProps) {
  const { retry } = draft;
  const set = (patch: Partial<SettingsDraft["retry"]>) => update({ retry: { ...retry, ...patch } });
  return (
    <Card title="Retries" description="What a run gets that asks for nothing" flush>
      <div className="divide-y divide-line">
        <SettingRow name="Retries" hint="Attempts are one more">
          <TextSetting
            label={<PartLabel of="Retries" part="default" />}
            path="retry.maxRetries.default"
            value={retry.default}
            onChange={(value) => set({ default: value })}
            problems={problems}
          />
          <TextSetting
            label={<PartLabel of="Retries" part="maximum" />}
            path="retry.maxRetries.maximum"
            value={retry.maximum}
            onChange={(value) => set({ maximum: value })}
            problems={problems}
          />
        </SettingRow>
        <SettingRow name="Delay" hint="Before the first retry, and at most">
          <TextSetting
            label={<PartLabel of="Delay" part="first" />}
            path="retry.delayMs"
            value={retry.delay}
            onChange={(value) => set({ delay: value })}
            problems={problems}
          />
          <TextSetting
            label={<PartLabel of="Delay" part="longest" />}
            path="retry.maxDelayMs"
            value={retry.maxDelay}
            onChange={(value) => set({ maxDelay: value })}
            problems={problems}
          />
        </SettingRow>
        <SettingRow name="Backoff" hint="Exponential doubles each delay; jitter draws it at random, from 0 up">
          <Field label={<PartLabel of="Backoff" part="kind" />}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={retry.backoff}
                onChange={(event) => set({ backoff: event.target.value === "fixed" ? "fixed" : "exponential" })}
              >
                <option value="exponential">Exponential</option>
                <option value="fixed">Fixed</option>
              </Select>
            )}
          </Field>
          <Field label={<PartLabel of="Backoff" part="jitter" />}>
            {(control) => (
              <span className="flex h-8 items-center">
                <Switch {...control} checked={retry.jitter} onChange={(event) => set({ jitter: event.target.checked })} />
              </span>
            )}
          </Field>
        </SettingRow>
        <SettingRow name="Exit codes" hint="Like 2, 64: final ones are never tried again, retried ones in any case">
          <TextSetting
            label={<PartLabel of="Exit codes" part="final" />}
            path="retry.finalExitCodes"
            value={retry.finalCodes}
            onChange={(value) => set({ finalCodes: value })}
            problems={problems}
          />
          <TextSetting
            label={<PartLabel of="Exit codes" part="retried" />}
            path="retry.retryExitCodes"
            value={retry.retryCodes}
            onChange={(value) => set({ retryCodes: value })}
            problems={problems}
          />
        </SettingRow>
        <SettingRow
          name="More for the next attempt"
          hint="After out of memory or a timeout it gets so many times as much, up to the maximum; 1 changes nothing"
        >
          <TextSetting
            label={<PartLabel of="More for the next attempt" part="memory ×" />}
            path="retry.memoryFactor"
            value={retry.memoryFactor}
            onChange={(value) => set({ memoryFactor: value })}
            problems={problems}
          />
          <TextSetting
            label={<PartLabel of="More for the next attempt" part="timeout ×" />}
            path="retry.timeoutFactor"
            value={retry.timeoutFactor}
            onChange={(value) => set({ timeoutFactor: value })}
            problems={problems}
          />
        </SettingRow>
        <fieldset className="grid gap-x-6 gap-y-2 px-4 py-3.5 md:grid-cols-[minmax(0,14rem)_minmax(0,1fr)]">
          <legend className="sr-only">Retry after</legend>
          <div className="min-w-0">
            <p aria-hidden className="text-sm font-medium">
              Retry after
            </p>
            <p className="text-xs text-fg-subtle">Outcomes that are tried again</p>
          </div>
          <div className="grid grid-cols-2 gap-x-3 gap-y-2 sm:grid-cols-3">
            {POLICY_OUTCOMES.map((outcome) => (
              <label key={outcome} className="flex min-w-0 items-center gap-2">
                <Checkbox
                  checked={retry.retryOn.includes(outcome)}
                  onChange={(event) =>
                    set({ retryOn: POLICY_OUTCOMES.filter((one) => (one === outcome ? event.target.checked : retry.retryOn.includes(one))) })
                  }
                />
                {OUTCOME_LOOKS[outcome].label}
              </label>
            ))}
          </div>
        </fieldset>
      </div>
    </Card>
  );
}

/** Everything else: waits, ends, network, and how long things are kept. */
export function OtherSections({ draft, update, problems }: SectionProps) {
  const { execute, termination, network, retention } = draft;
  return (
    <>
      <Card title="Synchronous execution" description="POST /api/v1/execute: how long it waits for the end, and how many may wait" flush>
        <div className="divide-y divide-line">
          <SettingRow name="Wait" hint="Past it the answer is 202, and the run goes on">
            <TextSetting
              label={<PartLabel of="Wait" part="default" />}
              path="execute.defaultWaitMs"
              value={execute.defaultWait}
              onChange={(value) => update({ execute: { ...execute, defaultWait: value } })}
              problems={problems}
            />
            <TextSetting
              label={<PartLabel of="Wait" part="maximum" />}
              path="execute.maximumWaitMs"
              value={execute.maximumWait}
              onChange={(value) => update({ execute: { ...execute, maximumWait: value } })}
              problems={problems}
            />
          </SettingRow>
          <SettingRow name="Queue" hint="Runs that wait for a free interactive slot; past it the answer is 429">
            <TextSetting
              label={<PartLabel of="Queue" part="maximum" />}
              path="execute.maximumQueued"
              value={execute.maximumQueued}
              onChange={(value) => update({ execute: { ...execute, maximumQueued: value } })}
              problems={problems}
            />
          </SettingRow>
        </div>
      </Card>
      <Card title="Termination" flush>
        <div className="divide-y divide-line">
          <SettingRow name="Grace period" hint="Between SIGTERM and the kill of the whole process tree">
            <TextSetting
              label={<PartLabel of="Grace period" part="length" />}
              path="termination.gracePeriodMs"
              value={termination.gracePeriod}
              onChange={(value) => update({ termination: { ...termination, gracePeriod: value } })}
              problems={problems}
            />
          </SettingRow>
          <SettingRow name="At the output limit" hint="Dropping keeps the head and the tail">
            <Field label={<PartLabel of="At the output limit" part="deed" />} className="col-span-2">
              {(control) => (
                <Select
                  {...control}
                  className="w-full"
                  value={termination.onOutputLimit}
                  onChange={(event) => update({ termination: { ...termination, onOutputLimit: event.target.value === "end" ? "end" : "truncate" } })}
                >
                  <option value="truncate">Drop the middle, let it go on</option>
                  <option value="end">End the script</option>
                </Select>
              )}
            </Field>
          </SettingRow>
        </div>
      </Card>
      <Card title="Network" flush>
        <div className="flex items-start justify-between gap-4 px-4 py-3.5">
          <div className="min-w-0">
            <label htmlFor="network-allowed" className="text-sm font-medium">
              Scripts may use the network
            </label>
            <p id="network-allowed-hint" className="text-xs text-fg-subtle">
              Only those that ask for it. Off: asking for it is refused.
            </p>
          </div>
          <Switch
            id="network-allowed"
            aria-describedby="network-allowed-hint"
            checked={network.allowed}
            onChange={(event) => update({ network: { allowed: event.target.checked } })}
          />
        </div>
      </Card>
      <Card title="Retention" description="How long ended runs are kept; output and samples may go before" flush>
        <SettingRow name="Keep" hint="In days">
          <TextSetting
            label={<PartLabel of="Keep" part="runs" />}
            path="retention.runsDays"
            value={retention.runs}
            unit="days"
            onChange={(value) => update({ retention: { ...retention, runs: value } })}
            problems={problems}
          />
          <TextSetting
            label={<PartLabel of="Keep" part="dead letters" />}
            path="retention.deadLettersDays"
            value={retention.deadLetters}
            unit="days"
            onChange={(value) => update({ retention: { ...retention, deadLetters: value } })}
            problems={problems}
          />
          <TextSetting
            label={<PartLabel of="Keep" part="output" />}
            path="retention.outputDays"
            value={retention.output}
            unit="days"
            onChange={(value) => update({ retention: { ...retention, output: value } })}
            problems={problems}
          />
        </SettingRow>
      </Card>
    </>
  );
}

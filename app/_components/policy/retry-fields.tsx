"use client";

import { POLICY_OUTCOMES } from "#server/contracts/statuses.ts";

import { OUTCOME_LOOKS } from "../outcome-badge.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { exactDuration } from "./limit-text.ts";
import { codesText } from "./matrix-text.ts";
import { retrySchedule } from "./retry-schedule.ts";
import { durationText, policyInForce, readRetry } from "./retry-text.ts";
import type { RetryDefaults, RetryDraft, RetryProblems } from "./retry-text.ts";

type RetryFieldsProps = {
  draft: RetryDraft;
  onChange: (draft: RetryDraft) => void;
  defaults: RetryDefaults;
  serverErrors?: RetryProblems;
};

const onOff = (on: boolean) => (on ? "on" : "off");

/** How often and when a failed attempt is tried again. `KeepRetryFields` is its sibling for many runs at once. */
export function RetryFields({ draft, onChange, defaults, serverErrors = {} }: RetryFieldsProps) {
  const retryOn = draft.retryOn ?? defaults.retryOn;
  const toggle = (outcome: (typeof POLICY_OUTCOMES)[number], on: boolean) =>
    onChange({ ...draft, retryOn: POLICY_OUTCOMES.filter((one) => (one === outcome ? on : retryOn.includes(one))) });
  return (
    <div className="flex flex-col gap-4">
      <RetryInputs
        draft={draft}
        onChange={onChange}
        defaults={defaults}
        serverErrors={serverErrors}
        empty={{
          maxRetries: String(defaults.maxRetries.default),
          backoff: `Default: ${defaults.backoff}`,
          delay: exactDuration(defaults.delayMs),
          maxDelay: exactDuration(defaults.maxDelayMs),
          jitter: `Default: ${onOff(defaults.jitter)}`,
          finalCodes: codesText(defaults.finalExitCodes),
          retryCodes: codesText(defaults.retryExitCodes),
          memoryFactor: String(defaults.memoryFactor),
          timeoutFactor: String(defaults.timeoutFactor),
        }}
      />
      <fieldset className="min-w-0">
        <legend className="pb-1.5 text-sm font-medium">Retry after</legend>
        <div className="grid grid-cols-2 gap-x-3 gap-y-1.5">
          {POLICY_OUTCOMES.map((outcome) => (
            <label key={outcome} className="flex min-w-0 items-center gap-2">
              <Checkbox checked={retryOn.includes(outcome)} onChange={(event) => toggle(outcome, event.target.checked)} />
              {OUTCOME_LOOKS[outcome].label}
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

/** The same, where what is left empty stays as each run has it. */
export function KeepRetryFields(props: RetryFieldsProps) {
  const own = "each run’s own";
  return (
    <RetryInputs
      {...props}
      serverErrors={props.serverErrors ?? {}}
      empty={{
        maxRetries: own,
        backoff: `Keep ${own}`,
        delay: own,
        maxDelay: own,
        jitter: `Keep ${own}`,
        finalCodes: own,
        retryCodes: own,
        memoryFactor: own,
        timeoutFactor: own,
      }}
    />
  );
}

type Empty = Record<Exclude<keyof RetryDraft, "retryOn">, string>;

/** Which ends are tried again, and with how much more. */
const MATRIX = [
  { text: "finalCodes", field: "finalExitCodes", label: "Final exit codes", hint: "Never tried again: 2, 64" },
  { text: "retryCodes", field: "retryExitCodes", label: "Retried exit codes", hint: "Tried again in any case" },
  { text: "memoryFactor", field: "memoryFactor", label: "Memory factor", hint: "After out of memory" },
  { text: "timeoutFactor", field: "timeoutFactor", label: "Timeout factor", hint: "After a timeout" },
] as const;

function RetryInputs({ draft, onChange, defaults, serverErrors, empty }: RetryFieldsProps & { serverErrors: RetryProblems; empty: Empty }) {
  const { problems } = readRetry(draft, defaults);
  const set = (patch: Partial<RetryDraft>) => onChange({ ...draft, ...patch });
  const useMaximum = () => set({ maxRetries: String(defaults.maxRetries.maximum) });
  const aboveMaximum = problems.maxRetries?.includes("above the maximum") === true;
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field
        label="Retries"
        hint={`At most ${defaults.maxRetries.maximum}`}
        error={
          aboveMaximum ? (
            <>
              {problems.maxRetries}{" "}
              <button type="button" onClick={useMaximum} className="font-medium underline underline-offset-2">
                Use maximum
              </button>
            </>
          ) : (
            (problems.maxRetries ?? serverErrors.maxRetries)
          )
        }
      >
        {(control) => (
          <Input
            {...control}
            name="maxRetries"
            inputMode="numeric"
            value={draft.maxRetries}
            placeholder={empty.maxRetries}
            onChange={(event) => set({ maxRetries: event.target.value })}
          />
        )}
      </Field>
      <Field label="Backoff">
        {(control) => (
          <Select
            {...control}
            name="backoff"
            className="w-full"
            value={draft.backoff ?? ""}
            onChange={(event) => set({ backoff: event.target.value === "exponential" || event.target.value === "fixed" ? event.target.value : null })}
          >
            <option value="">{empty.backoff}</option>
            <option value="exponential">Exponential</option>
            <option value="fixed">Fixed</option>
          </Select>
        )}
      </Field>
      <Field label="First delay" error={problems.delayMs ?? serverErrors.delayMs}>
        {(control) => (
          <Input {...control} name="delayMs" value={draft.delay} placeholder={empty.delay} onChange={(event) => set({ delay: event.target.value })} />
        )}
      </Field>
      <Field label="Longest delay" error={problems.maxDelayMs ?? serverErrors.maxDelayMs}>
        {(control) => (
          <Input
            {...control}
            name="maxDelayMs"
            value={draft.maxDelay}
            placeholder={empty.maxDelay}
            onChange={(event) => set({ maxDelay: event.target.value })}
          />
        )}
      </Field>
      <Field label="Jitter" hint="Draws each delay at random, from 0 up to its full length" className="col-span-2">
        {(control) => (
          <Select
            {...control}
            name="jitter"
            className="w-full"
            value={draft.jitter === null ? "" : onOff(draft.jitter)}
            onChange={(event) => set({ jitter: event.target.value === "" ? null : event.target.value === "on" })}
          >
            <option value="">{empty.jitter}</option>
            <option value="on">On</option>
            <option value="off">Off</option>
          </Select>
        )}
      </Field>
      {MATRIX.map(({ text, field, label, hint }) => (
        <Field key={field} label={label} hint={hint} error={problems[field] ?? serverErrors[field]}>
          {(control) => (
            <Input {...control} name={field} value={draft[text]} placeholder={empty[text]} onChange={(event) => set({ [text]: event.target.value })} />
          )}
        </Field>
      ))}
    </div>
  );
}

/** What the retry block comes to: the waits, the attempts and the longest it can take. */
export function RetryPreview({ draft, defaults, timeoutMs }: { draft: RetryDraft; defaults: RetryDefaults; timeoutMs: number }) {
  const { input, problems } = readRetry(draft, defaults);
  if (Object.keys(problems).length > 0) return null;
  const policy = policyInForce(input, defaults);
  const { text, worstCaseMs } = retrySchedule(policy, timeoutMs);
  return (
    <p role="status" aria-label="Retry schedule" className="rounded-md border border-line bg-inset px-3 py-2 text-xs text-fg-muted">
      <span className="font-medium text-fg">{text}</span>
      <br />
      Over after at most {durationText(worstCaseMs)}
      {policy.jitter && policy.maxRetries > 0 ? "; jitter may shorten each wait" : ""}
    </p>
  );
}

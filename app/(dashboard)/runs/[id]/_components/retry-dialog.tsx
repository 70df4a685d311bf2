"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useId, useState } from "react";

import { fieldErrors } from "#app/_components/describe-error.ts";
import { LimitField } from "#app/_components/policy/limit-field.tsx";
import { exactLimit, parseCount, readLimit } from "#app/_components/policy/limit-text.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { LimitsInput } from "#server/contracts/policy.ts";
import type { Run } from "#server/contracts/runs.ts";
import { LIMIT_NAMES } from "#server/contracts/statuses.ts";
import type { LimitName } from "#server/contracts/statuses.ts";

import type { RunActions } from "./use-run-actions.ts";

/** Queues a failed run again with other limits. Mount it anew each time it opens: it starts from the run's policy. */
export function RetryDialog({ run, retry, onClose }: { run: Run; retry: RunActions["retry"]; onClose: () => void }) {
  const trpc = useTRPC();
  const formId = useId();
  const settings = useQuery(trpc.settings.get.queryOptions());
  const [texts, setTexts] = useState<Record<LimitName, string>>(
    () => Object.fromEntries(LIMIT_NAMES.map((name) => [name, exactLimit(name, run.limits[name])])) as Record<LimitName, string>,
  );
  const [retriesText, setRetriesText] = useState(String(run.retry.maxRetries));

  // Without the settings the server alone knows the maxima; it refuses by name what is above.
  const rangeOf = (name: LimitName) => ({ default: run.limits[name], maximum: settings.data?.limits[name].maximum ?? Number.MAX_SAFE_INTEGER });
  const readings = LIMIT_NAMES.map((name) => ({ name, ...readLimit(name, texts[name], rangeOf(name)) }));
  const maxRetries = parseCount(retriesText);
  const refused = fieldErrors(retry.error);
  const isReady = maxRetries !== null && readings.every(({ problem }) => problem === null);

  const submit = () => {
    if (!isReady) return;
    const limits: LimitsInput = Object.fromEntries(
      readings.flatMap(({ name, value }) => (value === null || value === run.limits[name] ? [] : [[name, value]])),
    );
    retry.mutate(
      { id: run.id, ...(Object.keys(limits).length > 0 ? { limits } : {}), ...(maxRetries === run.retry.maxRetries ? {} : { retry: { maxRetries } }) },
      { onSuccess: onClose },
    );
  };

  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Retry with changes"
      description="The run is queued again under the changed policy, and its retries start anew. What you leave stays as it is."
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button type="submit" form={formId} variant="primary" busy={retry.isPending} disabled={!isReady}>
            <RotateCw aria-hidden />
            Retry
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="grid gap-x-6 gap-y-5 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {LIMIT_NAMES.map((name) => (
          <LimitField
            key={name}
            name={name}
            text={texts[name]}
            range={rangeOf(name)}
            emptyMeans={exactLimit(name, run.limits[name])}
            serverError={refused[`limits.${name}`]}
            onChange={(text) => setTexts((old) => ({ ...old, [name]: text }))}
          />
        ))}
        <Field
          label="Retries"
          hint="How often it is tried again after the first attempt"
          error={maxRetries === null ? "Retries must be a whole number." : refused["retry.maxRetries"]}
        >
          {(control) => <Input {...control} inputMode="numeric" value={retriesText} onChange={(event) => setRetriesText(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}

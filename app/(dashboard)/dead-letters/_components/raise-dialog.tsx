"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { describeError, fieldErrors } from "#app/_components/describe-error.ts";
import { KeepRetryFields } from "#app/_components/policy/retry-fields.tsx";
import { EMPTY_RETRY_DRAFT, readRetry, retryRefusals } from "#app/_components/policy/retry-text.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { RetryDeadLetters, Selection } from "#server/contracts/dead-letters.ts";
import type { Settings } from "#server/contracts/settings.ts";

import { Counted, Refused, deedLabel } from "./counted.tsx";
import { PaceFields } from "./pace-fields.tsx";
import { NO_PACE, readPace } from "./pace-text.ts";
import { RaiseFields } from "./raise-fields.tsx";
import { readRaise } from "./raise-text.ts";
import type { RaiseTexts } from "./raise-text.ts";
import type { DeedDialogProps } from "./retry-dialog.tsx";
import { useLimitsPreview } from "./use-limits-preview.ts";

export type Overrides = Pick<RetryDeadLetters, "limits" | "limitFactors" | "retry" | "ratePerMinute" | "canary">;
type RaiseProps = DeedDialogProps & { onConfirm: (overrides: Overrides) => void };

const DEED = "will be queued again with what you set here; what you leave empty stays as each run has it";
const FORM = "raise-limits";

/** Queues many again with other limits or another retry policy. Mounted while it is open. */
export function RaiseDialog(props: RaiseProps) {
  const trpc = useTRPC();
  const settings = useQuery(trpc.settings.get.queryOptions());
  if (settings.data !== undefined) return <RaiseForm {...props} rules={settings.data} />;
  return (
    <RaiseShell onClose={props.onClose}>
      {settings.isError ? (
        <Notice tone="danger" title="The maxima could not be loaded" actions={<Button onClick={() => void settings.refetch()}>Retry</Button>}>
          {describeError(settings.error).message}
        </Notice>
      ) : (
        <Skeleton className="h-48 w-full" />
      )}
    </RaiseShell>
  );
}

function RaiseForm({ onClose, selection, busy, error, onConfirm, rules }: RaiseProps & { rules: Settings; selection: Selection }) {
  const [texts, setTexts] = useState<RaiseTexts>({});
  const [retry, setRetry] = useState(EMPTY_RETRY_DRAFT);
  const [draft, setDraft] = useState(NO_PACE);
  const { problems, ...raise } = readRaise(texts, rules.limits);
  const preview = useLimitsPreview(selection, raise);
  const readRetries = readRetry(retry, rules.retry);
  const { pace, problems: paceProblems } = readPace(draft);
  const refused = fieldErrors(error);

  const overrides: Overrides = {
    ...pace,
    ...(Object.keys(raise.limits).length > 0 ? { limits: raise.limits } : {}),
    ...(Object.keys(raise.limitFactors).length > 0 ? { limitFactors: raise.limitFactors } : {}),
    ...(Object.keys(readRetries.input).length > 0 ? { retry: readRetries.input } : {}),
  };
  const wrong = [problems, paceProblems, readRetries.problems].some((list) => Object.keys(list).length > 0);
  const changes = overrides.limits !== undefined || overrides.limitFactors !== undefined || overrides.retry !== undefined;
  const ready = changes && !wrong && preview.counted !== undefined && preview.counted.total > 0;
  return (
    <RaiseShell
      onClose={onClose}
      description={<Counted dryRun={preview} deed={DEED} />}
      footer={
        <>
          {!changes && <p className="mr-auto self-center text-xs text-fg-muted">Set a limit or a part of the retry policy first.</p>}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" busy={busy || (preview.isCounting && preview.counted === undefined)} disabled={!ready}>
            {deedLabel("Retry", preview)}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onConfirm(overrides);
        }}
      >
        <RaiseFields
          texts={texts}
          onChange={setTexts}
          rules={rules.limits}
          problems={problems}
          preview={preview.counted?.limits}
          serverError={(name) => refused[`limits.${name}`] ?? refused[`limitFactors.${name}`]}
        />
        <section aria-label="Retry policy" className="border-t border-line pt-4">
          <KeepRetryFields draft={retry} onChange={setRetry} defaults={rules.retry} serverErrors={retryRefusals((path) => refused[path])} />
        </section>
        <section aria-label="Pace" className="border-t border-line pt-4">
          <PaceFields draft={draft} onChange={setDraft} />
        </section>
        <Refused error={error} />
      </form>
    </RaiseShell>
  );
}

function RaiseShell({ onClose, ...rest }: { onClose: () => void } & Pick<Parameters<typeof Dialog>[0], "children" | "description" | "footer">) {
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Retry with raised limits"
      {...rest}
    />
  );
}

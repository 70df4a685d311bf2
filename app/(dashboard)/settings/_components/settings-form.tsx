"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { FormEvent } from "react";
import { toast } from "sonner";

import { describeError, fieldErrors } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Settings } from "#server/contracts/settings.ts";

import { settingName } from "./change-text.ts";
import { ConflictNotice } from "./conflict-notice.tsx";
import { onTopOf, theirChanges } from "./settings-conflict.ts";
import { countChanges, draftOfSettings, readSettings } from "./settings-draft.ts";
import type { SettingsDraft } from "./settings-draft.ts";
import { LimitsSection, OtherSections, RetrySection } from "./settings-sections.tsx";
import { loweredMaxima, useExceeding } from "./use-exceeding.ts";
import { useLeaveGuard } from "./use-leave-guard.ts";

type SettingsFormProps = {
  /** The newest settings known; while there are changes, the form stays on those it was made from. */
  settings: Settings;
  mayEdit: boolean;
};

/** The settings as a form: saves from the version it was made of, and says so when that one is no longer in force. */
export function SettingsForm({ settings, mayEdit }: SettingsFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(settings);
  const [draft, setDraft] = useState(() => draftOfSettings(settings));
  const [tries, setTries] = useState(0);
  const [refused, setRefused] = useState<{ draft: SettingsDraft; fields: Record<string, string> } | null>(null);

  const { ceilings } = settings;
  const changes = countChanges(draft, base, ceilings);
  const { values, problems } = readSettings(draft, ceilings, base);
  const dirty = changes > 0;
  const overtaken = settings.version > base.version;

  const adopt = (next: Settings) => {
    setBase(next);
    setDraft(draftOfSettings(next));
    setRefused(null);
    setTries(0);
  };
  // Whoever only reads is shown what is in force.
  if (overtaken && !dirty) adopt(settings);

  const save = useMutation(
    trpc.settings.update.mutationOptions({
      onSuccess: (saved) => {
        queryClient.setQueryData(trpc.settings.get.queryKey(), saved);
        void queryClient.invalidateQueries({ queryKey: trpc.settings.changes.queryKey() });
        adopt(saved);
        toast.success("Settings saved", { description: "They hold for what is submitted from now on." });
      },
      onError: (error) => {
        const fields = Object.fromEntries(Object.entries(fieldErrors(error)).map(([path, message]) => [path.replace(/^values\./, ""), message]));
        setRefused({ draft, fields });
        setTries((count) => count + 1);
        void queryClient.invalidateQueries({ queryKey: trpc.settings.pathKey() });
      },
    }),
  );
  const exceeding = useExceeding(loweredMaxima(values, base, problems));
  const guard = useLeaveGuard(dirty && mayEdit && !save.isPending);

  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tries]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!dirty || save.isPending) return;
    if (Object.keys(problems).length > 0) {
      setTries((count) => count + 1);
      return;
    }
    save.mutate({ version: base.version, values });
  };

  const conflicted = save.error?.data?.httpStatus === 409 || (overtaken && dirty);
  const shown = { ...(refused !== null && refused.draft === draft ? refused.fields : {}), ...problems };
  const wrong = Object.keys(problems);
  const update = (patch: Partial<SettingsDraft>) => setDraft((old) => ({ ...old, ...patch }));

  return (
    <form ref={form} aria-label="Settings" noValidate onSubmit={submit}>
      <div className="flex flex-col gap-4">
        {!mayEdit && <Notice title="Read only">Only administrators may change the settings.</Notice>}
        {conflicted && (
          <ConflictNotice
            base={base}
            now={settings}
            theirs={overtaken ? theirChanges(draft, base, settings) : []}
            onKeep={() => {
              save.reset();
              setRefused(null);
              setDraft(onTopOf(draft, base, settings));
              setBase(settings);
            }}
            onDrop={() => {
              save.reset();
              adopt(settings);
            }}
          />
        )}
        <fieldset disabled={!mayEdit || save.isPending} className="flex min-w-0 flex-col gap-4">
          <legend className="sr-only">Settings</legend>
          <LimitsSection draft={draft} update={update} problems={shown} ceilings={ceilings} exceeding={exceeding} />
          <RetrySection draft={draft} update={update} problems={shown} />
          <OtherSections draft={draft} update={update} problems={shown} />
        </fieldset>
      </div>
      {mayEdit && dirty && (
        <div
          role="region"
          aria-label="Unsaved changes"
          className="sticky bottom-3 z-20 mt-4 flex animate-in flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-xl border border-line-strong bg-raised px-4 py-2.5 shadow-lg"
        >
          <div className="min-w-0">
            <p role="status" className="font-medium">
              {changes === 1 ? "1 unsaved change" : `${changes} unsaved changes`}
            </p>
            {wrong.length > 0 && <p className="text-xs text-danger-fg">Put right first: {wrong.map(settingName).join("; ")}.</p>}
            {save.isError && !conflicted && Object.keys(refused?.fields ?? {}).length === 0 && (
              <p role="alert" className="text-xs text-danger-fg">
                {describeError(save.error).message}
              </p>
            )}
          </div>
          <span className="flex gap-2">
            <Button
              onClick={() => {
                save.reset();
                adopt(settings);
              }}
            >
              Discard changes
            </Button>
            <Button type="submit" variant="primary" busy={save.isPending} disabled={overtaken}>
              Save
            </Button>
          </span>
        </div>
      )}
      <ConfirmDialog
        open={guard.heldHref !== null}
        onOpenChange={(open) => {
          if (!open) guard.drop();
        }}
        danger
        title="Leave without saving?"
        description="Your changes to the settings will be lost."
        confirmLabel="Leave"
        onConfirm={() => {
          const href = guard.heldHref;
          guard.drop();
          if (href !== null) router.push(href);
        }}
      />
    </form>
  );
}

"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play, SquareTerminal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { FormEvent, KeyboardEvent } from "react";
import { toast } from "sonner";

import { describeError, fieldErrors } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { copyText } from "#app/_components/ui/copy-text.ts";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Kbd } from "#app/_components/ui/kbd.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { buildSubmit, fieldName, placeErrors } from "./build-submit.ts";
import { curlCommand } from "./curl-command.ts";
import { InputCard } from "./input-card.tsx";
import { languagesOf } from "./languages.ts";
import { DetailsCard, LimitsCard, PolicySkeleton, RetriesCard } from "./policy-cards.tsx";
import { draftOfSubmit } from "./run-draft.ts";
import type { RunDraft } from "./run-draft.ts";
import { ScriptCard } from "./script-card.tsx";
import { useRunDraft } from "./use-run-draft.ts";

type Refusal = { draft: RunDraft; fields: Record<string, string>; rest: string[] };

/** Whether what the server refused is still what the form holds. */
function unchanged(path: string, then: RunDraft, now: RunDraft): boolean {
  const [group = "", field] = path.split(".");
  if (group === "limits") return field !== undefined && then.limits[field as keyof RunDraft["limits"]] === now.limits[field as keyof RunDraft["limits"]];
  return then[group as keyof RunDraft] === now[group as keyof RunDraft];
}

/** The New run page: editor and input at the left, limits and retries at the right, the deed at the foot. */
export function NewRunView() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const { draft, setDraft, replace, samples, sourceError, retrySource, filling, forget } = useRunDraft();
  const settings = useQuery(trpc.settings.get.queryOptions());
  const workers = useQuery(trpc.workers.list.queryOptions());
  const me = useQuery(trpc.session.me.queryOptions());
  const [tries, setTries] = useState(0);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [wanted, setWanted] = useState(false);

  const rules = settings.data;
  const built = rules === undefined ? null : buildSubmit(draft, rules);
  const update = (patch: Partial<RunDraft>) => setDraft((old) => ({ ...old, ...patch }));
  const serverProblem = (path: string) => (refusal !== null && unchanged(path, refusal.draft, draft) ? refusal.fields[path] : undefined);
  const problem = (path: string) => (tries > 0 ? built?.problems[path] : undefined) ?? serverProblem(path);
  const blocking = tries > 0 && built !== null ? Object.keys(built.problems) : [];
  const mayNot = me.data?.role === "viewer";

  const submit = useMutation(
    trpc.runs.submit.mutationOptions({
      onSuccess: (run) => {
        forget();
        setWanted(true);
        router.push(`/runs/${run.id}`);
      },
      onError: (error) => {
        const placed = placeErrors(fieldErrors(error));
        const nowhere = Object.keys(placed.fields).length === 0 && placed.rest.length === 0;
        setRefusal({ draft, ...placed, rest: nowhere ? [describeError(error).message] : placed.rest });
        setTries((count) => count + 1);
        // A limit may have been lowered since this page was loaded.
        void queryClient.invalidateQueries({ queryKey: trpc.settings.pathKey() });
      },
    }),
  );

  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tries]);

  const refused = () => {
    if (built === null || Object.keys(built.problems).length > 0) {
      setTries((count) => count + 1);
      return true;
    }
    return false;
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (submit.isPending || wanted || mayNot || refused() || built === null) return;
    setRefusal(null);
    submit.mutate(built.body);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    const chord = event.ctrlKey || event.metaKey;
    // Enter alone in a field must not send a half-written run.
    if (chord || (event.target instanceof HTMLInputElement && event.target.type !== "file")) event.preventDefault();
    if (chord) form.current?.requestSubmit();
  };
  const copyCurl = async () => {
    if (built === null || refused()) return;
    const done = await copyText(curlCommand(window.location.origin, built.body));
    if (done) toast.success("Copied as curl", { description: "It reads the token from $CORRAL_TOKEN." });
    else toast.error("The browser refused to copy");
  };
  const loadSample = async (id: string) => {
    try {
      const sample = await queryClient.fetchQuery(trpc.samples.get.queryOptions({ id }));
      replace(draftOfSubmit(sample.run), `Loaded the sample “${sample.title}”`);
    } catch (error) {
      toast.error("The sample could not be loaded", { description: describeError(error).message });
    }
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a shortcut of the whole form; each control works without
    <form ref={form} aria-label="New run" noValidate onSubmit={send} onKeyDown={press}>
      <PageHeader title="New run" description="Write a script or load one, and say what it may use." />
      <div className="flex flex-col gap-4">
        {sourceError !== null && (
          <Notice tone="danger" title="What this run should start from could not be loaded" actions={<Button onClick={retrySource}>Retry</Button>}>
            {describeError(sourceError).message}
          </Notice>
        )}
        {mayNot && <Notice title="You may look, not submit">Your role is viewer. An administrator can make you an operator.</Notice>}
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_25rem]">
          <div className="flex flex-col gap-4" aria-busy={filling}>
            <ScriptCard
              draft={draft}
              languages={languagesOf(workers.data?.items ?? [], draft.language)}
              samples={samples}
              error={problem("source") ?? problem("language")}
              onLanguage={(language) => update({ language })}
              onSource={(source) => update({ source })}
              onFile={({ name, source, language }) =>
                replace({ ...draft, source, language: language ?? draft.language, name: draft.name === "" ? name : draft.name }, `Loaded ${name}`)
              }
              onSample={(id) => void loadSample(id)}
            />
            <InputCard draft={draft} update={update} problem={problem} />
            <DetailsCard draft={draft} update={update} problem={problem} />
          </div>
          <div className="flex flex-col gap-4">
            {rules !== undefined ? (
              <>
                <LimitsCard draft={draft} update={update} problem={problem} rules={rules} serverProblem={serverProblem} />
                <RetriesCard draft={draft} update={update} problem={problem} rules={rules} serverProblem={serverProblem} />
              </>
            ) : settings.isError ? (
              <Card>
                <ErrorState
                  title="The limits could not be loaded"
                  {...describeError(settings.error)}
                  onRetry={() => void settings.refetch()}
                  retrying={settings.isFetching}
                />
              </Card>
            ) : (
              <PolicySkeleton />
            )}
          </div>
        </div>
      </div>
      <div className="sticky bottom-0 z-20 -mx-4 mt-4 flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-t border-line bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
        {(blocking.length > 0 || (refusal !== null && refusal.rest.length > 0)) && (
          <p role="alert" className="mr-auto min-w-0 text-sm text-danger-fg">
            {blocking.length > 0 ? `Put right first: ${blocking.map(fieldName).join(", ")}.` : refusal?.rest.join(" ")}
          </p>
        )}
        <Button onClick={() => void copyCurl()} disabled={built === null}>
          <SquareTerminal aria-hidden />
          Copy as curl
        </Button>
        <Button
          type="submit"
          variant="primary"
          busy={submit.isPending || wanted}
          disabled={mayNot || built === null}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          {!submit.isPending && !wanted && <Play aria-hidden />}
          Run script
        </Button>
        <span aria-hidden className="hidden items-center gap-1 text-xs text-fg-subtle sm:flex">
          <Kbd>Ctrl</Kbd>
          <Kbd>↵</Kbd>
        </span>
      </div>
    </form>
  );
}

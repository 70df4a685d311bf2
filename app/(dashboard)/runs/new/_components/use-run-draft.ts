"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { toast } from "sonner";

import { useTRPC } from "#app/_trpc/client.tsx";

import { draftOfRun, draftOfSubmit, emptyDraft, isEmptyDraft } from "./run-draft.ts";
import type { RunDraft } from "./run-draft.ts";
import { clearDraft, loadDraft, saveDraft } from "./stored-draft.ts";

/** Long enough to type the next letter. */
const SAVE_AFTER_MS = 400;
/** Long enough to see what is gone, and to reach the button by keyboard. */
const UNDO_MS = 15_000;

/**
 * The form's draft: kept in the browser, and filled from the run or sample that the URL names. Whatever replaces it can
 * be undone. The URL then lets go of its source, so that a reload shows what was edited since.
 */
export function useRunDraft() {
  const trpc = useTRPC();
  const router = useRouter();
  const params = useSearchParams();
  const from = params.get("from");
  const sampleId = params.get("sample");
  const [draft, setDraft] = useState(emptyDraft);
  const [restored, setRestored] = useState(false);
  const latest = useRef(draft);
  const submitted = useRef(false);
  useEffect(() => {
    latest.current = draft;
  });

  useEffect(() => {
    const kept = loadDraft();
    if (kept !== null) setDraft(kept);
    setRestored(true);
  }, []);

  useEffect(() => {
    if (!restored) return;
    const timer = setTimeout(() => {
      if (!submitted.current) saveDraft(draft);
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft, restored]);

  useEffect(() => {
    // What was typed last must survive a quick reload.
    const keep = () => {
      if (!submitted.current) saveDraft(latest.current);
    };
    window.addEventListener("pagehide", keep);
    return () => window.removeEventListener("pagehide", keep);
  }, []);

  const replace = useCallback((next: RunDraft, what: string) => {
    const before = latest.current;
    setDraft(next);
    toast.success(what, isEmptyDraft(before) ? {} : { duration: UNDO_MS, action: { label: "Undo", onClick: () => setDraft(before) } });
  }, []);

  const source = useQuery(trpc.runs.get.queryOptions({ id: from ?? "", include: ["source"] }, { enabled: from !== null, staleTime: Infinity }));
  const samples = useQuery(trpc.samples.list.queryOptions(undefined, { staleTime: Infinity }));
  const wantedSample = sampleId === "first" ? samples.data?.items[0]?.id : (sampleId ?? undefined);
  const sample = useQuery(trpc.samples.get.queryOptions({ id: wantedSample ?? "" }, { enabled: wantedSample !== undefined, staleTime: Infinity }));

  const run = from === null ? undefined : source.data;
  const chosenSample = from === null && wantedSample !== undefined ? sample.data : undefined;
  useEffect(() => {
    if (!restored) return;
    if (run !== undefined) replace(draftOfRun(run), `Cloned from “${run.name}”`);
    else if (chosenSample !== undefined) replace(draftOfSubmit(chosenSample.run), `Loaded the sample “${chosenSample.title}”`);
    else return;
    router.replace("/runs/new", { scroll: false });
  }, [restored, run, chosenSample, replace, router]);

  return {
    draft,
    setDraft,
    replace,
    samples: (samples.data?.items ?? []).filter((item) => item.available),
    /** The run or sample named by the URL could not be loaded. */
    sourceError: from !== null ? source.error : sampleId !== null ? (samples.error ?? sample.error) : null,
    retrySource: () => void (from !== null ? source.refetch() : sample.refetch()),
    filling: (from !== null && source.isPending) || (sampleId !== null && !sample.isError && !samples.isError),
    forget: () => {
      submitted.current = true;
      clearDraft();
    },
  };
}

"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { DeadLetterGroup } from "#server/contracts/dead-letters.ts";

import { momentText } from "./bulk-text.ts";

/** Ignore, resolve, reopen: each says what it did, and takes it back with Undo. */
export function useGroupDeeds() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = {
    onError: (error: unknown) => void toast.error("The group could not be changed", { description: describeError(error).message }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.deadLetters.pathKey() }),
  };
  const reopen = useMutation(trpc.deadLetters.reopenGroup.mutationOptions(options));
  const ignore = useMutation(trpc.deadLetters.ignoreGroup.mutationOptions(options));
  const resolve = useMutation(trpc.deadLetters.resolveGroup.mutationOptions(options));

  /** Back to what it was before the deed. */
  const undo = ({ fingerprint, state, ignoredUntil }: DeadLetterGroup) => {
    if (state === "resolved") resolve.mutate({ fingerprint });
    else if (state === "ignored" && ignoredUntil !== null) ignore.mutate({ fingerprint, until: ignoredUntil });
    else reopen.mutate({ fingerprint });
  };
  const say = (title: string, description: string, group: DeadLetterGroup) =>
    void toast.success(title, { description, action: { label: "Undo", onClick: () => undo(group) } });

  return {
    busy: reopen.isPending || ignore.isPending || resolve.isPending,
    ignore: (group: DeadLetterGroup, until: string) =>
      ignore.mutate(
        { fingerprint: group.fingerprint, until },
        { onSuccess: () => say("The group is set aside", `It is open again from ${momentText(until)}. Its dead letters stay.`, group) },
      ),
    resolve: (group: DeadLetterGroup) =>
      resolve.mutate(
        { fingerprint: group.fingerprint },
        { onSuccess: () => say("The group is resolved", "The next run that dies alike opens it again. Its dead letters stay.", group) },
      ),
    reopen: (group: DeadLetterGroup) =>
      reopen.mutate({ fingerprint: group.fingerprint }, { onSuccess: () => say("The group is open again", group.title, group) }),
  };
}

export type GroupDeeds = ReturnType<typeof useGroupDeeds>;

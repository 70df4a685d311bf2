"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { BulkOperation } from "#server/contracts/dead-letters.ts";

/** Pause, resume and abort, while there is something left to do, for those who may. */
export function SteerButtons({ id, operation }: { id: string; operation: BulkOperation }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const me = useQuery(trpc.session.me.queryOptions());
  const options = {
    onError: (error: unknown) => void toast.error("The operation could not be told", { description: describeError(error).message }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.bulkOperations.pathKey() }),
  };
  const pause = useMutation(trpc.bulkOperations.pause.mutationOptions(options));
  const resume = useMutation(trpc.bulkOperations.resume.mutationOptions(options));
  const abort = useMutation(trpc.bulkOperations.abort.mutationOptions({ ...options, onSuccess: () => setAsking(false) }));
  const { status, total, done } = operation;
  if (status === "finished" || status === "aborted" || me.data === undefined || me.data.role === "viewer") return null;
  return (
    <>
      {status === "paused" ? (
        <Button busy={resume.isPending} onClick={() => resume.mutate({ id })}>
          Resume
        </Button>
      ) : (
        <Button busy={pause.isPending} onClick={() => pause.mutate({ id })}>
          Pause
        </Button>
      )}
      <Button variant="danger-quiet" onClick={() => setAsking(true)}>
        Abort
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title="Abort the operation"
        description={`What is done stays done. The other ${(total - done).toLocaleString("en-US")} stay dead letters.`}
        confirmLabel="Abort"
        onConfirm={() => abort.mutate({ id })}
        busy={abort.isPending}
      />
    </>
  );
}

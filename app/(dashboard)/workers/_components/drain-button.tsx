"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Worker } from "#server/contracts/workers.ts";

/** Lets a worker take nothing new, or take runs again: for those who may, and while it lives. */
export function DrainButton({ worker }: { worker: Worker }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useQuery(trpc.session.me.queryOptions());
  const options = {
    onError: (error: unknown) => void toast.error("The worker could not be told", { description: describeError(error).message }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.workers.pathKey() }),
  };
  const drain = useMutation(trpc.workers.drain.mutationOptions(options));
  const resume = useMutation(trpc.workers.resume.mutationOptions(options));
  if (me.data === undefined || me.data.role === "viewer") return null;
  const drains = worker.status === "draining";
  const { mutate, isPending } = drains ? resume : drain;
  return (
    <Button
      size="sm"
      busy={isPending}
      onClick={() => mutate({ id: worker.id })}
      aria-label={`${drains ? "Resume" : "Drain"} the worker ${worker.host}, pid ${worker.pid}`}
    >
      {drains ? "Resume" : "Drain"}
    </Button>
  );
}

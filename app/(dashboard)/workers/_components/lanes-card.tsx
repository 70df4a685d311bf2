"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay } from "lucide-react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { LaneState } from "#server/contracts/lanes.ts";

import { capacityOf } from "./worker-look.ts";

const REFRESH_MS = 5_000;
const NAMES: Record<LaneState["lane"], string> = { batch: "Batch", interactive: "Interactive" };

/** What waits in each lane, how many slots serve it, and whether it gives any out. */
export function LanesCard() {
  const trpc = useTRPC();
  const lanes = useQuery(trpc.lanes.list.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const workers = useQuery(trpc.workers.list.queryOptions());
  const capacity = workers.data === undefined ? undefined : capacityOf(workers.data.items);
  return (
    <Card title="Lanes" description="A paused lane gives out nothing new: what runs goes on, and what is submitted waits. It takes effect at once." flush>
      {lanes.data !== undefined ? (
        <ul className="divide-y divide-line">
          {lanes.data.items.map((lane) => (
            <Lane key={lane.lane} lane={lane} slots={capacity?.[lane.lane]} />
          ))}
        </ul>
      ) : lanes.isError ? (
        <ErrorState title="The lanes could not be loaded" {...describeError(lanes.error)} onRetry={() => void lanes.refetch()} retrying={lanes.isFetching} />
      ) : (
        <div className="p-4">
          <Skeleton className="h-16 w-full" />
        </div>
      )}
    </Card>
  );
}

type LaneProps = { lane: LaneState; slots: { busy: number; slots: number } | undefined };

function Lane({ lane: { lane, paused, queued, oldestQueuedAt }, slots }: LaneProps) {
  const name = NAMES[lane];
  const isPaused = paused !== null;
  const Icon = isPaused ? CirclePause : CirclePlay;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <span className="w-24 font-medium">{name}</span>
      <Badge tone={isPaused ? "warning" : "success"}>
        <Icon aria-hidden />
        {isPaused ? "Paused" : "Open"}
      </Badge>
      <span className="min-w-32 flex-1 text-fg-muted">
        {queued === 0 ? "Nothing waits" : `${queued.toLocaleString("en-US")} ${queued === 1 ? "waits" : "wait"}`}
        {oldestQueuedAt !== null && (
          <>
            , the oldest since <RelativeTime at={oldestQueuedAt} />
          </>
        )}
        {paused !== null && (
          <>
            ; paused <RelativeTime at={paused.at} /> by {paused.by}
          </>
        )}
      </span>
      {slots !== undefined && (
        <span className="text-xs text-fg-muted">
          {slots.busy} of {slots.slots} slots busy
        </span>
      )}
      <PauseButton lane={lane} name={name} isPaused={isPaused} />
    </li>
  );
}

function PauseButton({ lane, name, isPaused }: { lane: LaneState["lane"]; name: string; isPaused: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useQuery(trpc.session.me.queryOptions());
  const options = {
    onError: (error: unknown) => void toast.error("The lane could not be told", { description: describeError(error).message }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.lanes.pathKey() }),
  };
  const pause = useMutation(trpc.lanes.pause.mutationOptions(options));
  const resume = useMutation(trpc.lanes.resume.mutationOptions(options));
  if (me.data === undefined || me.data.role === "viewer") return null;
  const { mutate, isPending } = isPaused ? resume : pause;
  const verb = isPaused ? "Resume" : "Pause";
  return (
    <Button size="sm" busy={isPending} onClick={() => mutate({ lane })} aria-label={`${verb} the ${name.toLowerCase()} lane`}>
      {verb}
    </Button>
  );
}

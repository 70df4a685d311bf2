"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { browserName } from "./browser-name.ts";

/** Where one is signed in; any of it can be ended from here. */
export function SessionsCard() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.account.sessions.queryOptions());
  const told = {
    onSuccess: ({ ended }: { ended: number }) => {
      void queryClient.invalidateQueries({ queryKey: trpc.account.pathKey() });
      toast.success(ended === 1 ? "The session has ended" : `${ended} sessions have ended`);
    },
    onError: (error: unknown) => toast.error("It could not be ended", { description: describeError(error).message }),
  };
  const end = useMutation(trpc.account.endSession.mutationOptions(told));
  const endOthers = useMutation(trpc.account.endOtherSessions.mutationOptions(told));
  const items = query.data?.items;
  return (
    <Card
      title="Sessions"
      actions={
        items !== undefined &&
        items.length > 1 && (
          <Button size="sm" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            End all others
          </Button>
        )
      }
      flush
    >
      {items === undefined ? (
        query.isError ? (
          <ErrorState
            title="Your sessions could not be loaded"
            {...describeError(query.error)}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : (
          <div className="p-4" aria-busy>
            <Skeleton className="h-16 w-full" />
          </div>
        )
      ) : (
        <ul aria-label="Sessions" className="divide-y divide-line">
          {items.map((session) => (
            <li key={session.id} className="flex items-center gap-3 px-4 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  {browserName(session.userAgent)}
                  {session.current && <Badge tone="success">This one</Badge>}
                </p>
                <p className="flex flex-wrap gap-x-4 text-xs text-fg-subtle">
                  <span>{session.address ?? "address not known"}</span>
                  <span>
                    since <RelativeTime at={session.createdAt} />
                  </span>
                  <span>
                    ends <RelativeTime at={session.expiresAt} />
                  </span>
                </p>
              </div>
              {!session.current && (
                <Button
                  size="sm"
                  variant="danger-quiet"
                  aria-label={`End the session of ${browserName(session.userAgent)}`}
                  busy={end.isPending && end.variables.id === session.id}
                  onClick={() => end.mutate({ id: session.id })}
                >
                  End
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

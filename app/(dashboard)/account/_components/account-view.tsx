"use client";

import { useQuery } from "@tanstack/react-query";

import { describeError } from "#app/_components/describe-error.ts";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { PasswordCard } from "./password-card.tsx";
import { ProfileCard } from "./profile-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";

/** The Account page: who one is here, how one signs in, and where one is signed in. */
export function AccountView() {
  const trpc = useTRPC();
  const query = useQuery(trpc.account.get.queryOptions());
  const user = query.data;
  return (
    <>
      <PageHeader title="Account" description="Your name, your password, and where you are signed in." />
      {user !== undefined ? (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <ProfileCard key={`${user.name} ${user.email}`} user={user} />
          <PasswordCard user={user} />
          <div className="lg:col-span-2">
            <SessionsCard />
          </div>
        </div>
      ) : (
        <Card>
          {query.isError ? (
            <ErrorState
              title="Your account could not be loaded"
              {...describeError(query.error)}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : (
            <div aria-busy>
              <Skeleton className="h-56 w-full" />
            </div>
          )}
        </Card>
      )}
    </>
  );
}

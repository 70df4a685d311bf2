"use client";

import { useQuery } from "@tanstack/react-query";

import { describeError } from "#app/_components/describe-error.ts";
import { LanesCard } from "#app/(dashboard)/workers/_components/lanes-card.tsx";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { ButtonLink } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { Skeleton } from "#app/_components/ui/skeleton.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { ChangesList } from "./changes-list.tsx";
import { SettingsForm } from "./settings-form.tsx";

/** The Settings page: the form, and beside it who changed what. */
export function SettingsView() {
  const trpc = useTRPC();
  const settings = useQuery(trpc.settings.get.queryOptions());
  const me = useQuery(trpc.session.me.queryOptions());
  const failed = settings.isError && settings.data === undefined ? settings : me.isError && me.data === undefined ? me : null;
  return (
    <>
      <PageHeader
        title="Settings"
        actions={me.data?.role === "administrator" ? <ButtonLink href="/audit">Audit log</ButtonLink> : undefined}
        description={
          settings.data === undefined ? (
            "Defaults and maxima for what is submitted."
          ) : (
            <>
              Version {settings.data.version}, by {settings.data.updatedBy}, <RelativeTime at={settings.data.updatedAt} />. A run keeps the policy it was
              submitted with.
            </>
          )
        }
      />
      {failed !== null ? (
        <Card>
          <ErrorState
            title="The settings could not be loaded"
            {...describeError(failed.error)}
            onRetry={() => void failed.refetch()}
            retrying={failed.isFetching}
          />
        </Card>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
          {settings.data === undefined || me.data === undefined ? (
            <Card>
              <div className="flex flex-col gap-4">
                {[1, 2, 3, 4, 5, 6].map((row) => (
                  <Skeleton key={row} className="h-14 w-full" />
                ))}
              </div>
            </Card>
          ) : (
            <div className="flex min-w-0 flex-col gap-4">
              <SettingsForm settings={settings.data} mayEdit={me.data.role === "administrator"} />
              <LanesCard />
            </div>
          )}
          <ChangesList />
        </div>
      )}
    </>
  );
}

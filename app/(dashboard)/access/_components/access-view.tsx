"use client";

import { useQuery } from "@tanstack/react-query";

import { PageHeader } from "#app/_components/ui/page-header.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { TokensCard } from "./tokens-card.tsx";
import { UsersCard } from "./users-card.tsx";

/** The Tokens and users page: one's own tokens; for an administrator everybody's, and the users. */
export function AccessView() {
  const trpc = useTRPC();
  const me = useQuery(trpc.session.me.queryOptions());
  return (
    <>
      <PageHeader
        title="Tokens and users"
        description="A viewer reads, an operator submits and steers runs, an administrator also changes settings and lets people in."
      />
      <div className="flex flex-col gap-4">
        <TokensCard role={me.data?.role ?? "viewer"} />
        {me.data?.role === "administrator" && <UsersCard ownId={me.data.id} />}
      </div>
    </>
  );
}

"use client";

import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { User } from "#server/contracts/access.ts";

import { InviteDialog } from "./invite-dialog.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import type { ShownLink } from "./link-dialog.tsx";
import { RoleBadge } from "./role-badge.tsx";
import { Row, Rows, RowsSkeleton } from "./rows.tsx";
import { UserActions } from "./user-actions.tsx";

const STATES = { active: null, invited: { label: "Invited", tone: "info" }, disabled: { label: "Disabled", tone: "danger" } } as const;

/** Who may sign in, for administrators: invite, give roles, reset, disable, remove. */
export function UsersCard({ ownId }: { ownId: string }) {
  const trpc = useTRPC();
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<ShownLink | null>(null);
  const query = useQuery(trpc.users.list.queryOptions());
  const items = query.data?.items;
  return (
    <Card
      title="Users"
      description="Nothing is mailed: you hand an invitation’s link over yourself."
      actions={
        <Button onClick={() => setInviting(true)}>
          <UserPlus aria-hidden />
          Invite
        </Button>
      }
      flush
    >
      {items === undefined ? (
        query.isError ? (
          <ErrorState title="The users could not be loaded" {...describeError(query.error)} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <RowsSkeleton />
        )
      ) : (
        <Rows label="Users">
          {items.map((user) => (
            <UserRow key={user.id} user={user} isSelf={user.id === ownId} onLink={setLink} />
          ))}
        </Rows>
      )}
      <InviteDialog open={inviting} onOpenChange={setInviting} onLink={setLink} />
      <LinkDialog link={link} onClose={() => setLink(null)} />
    </Card>
  );
}

function UserRow({ user, isSelf, onLink }: { user: User; isSelf: boolean; onLink: (link: ShownLink) => void }) {
  const { name, email, lastSignInAt, sessions, linkExpiresAt } = user;
  const state = STATES[user.state];
  return (
    <Row
      title={name}
      badges={
        <>
          <RoleBadge role={user.role} />
          {state !== null && <Badge tone={state.tone}>{state.label}</Badge>}
          {isSelf && <Badge>You</Badge>}
        </>
      }
      facts={
        <>
          <span>{email}</span>
          {user.state === "active" && (
            <span>
              {sessions === 0 ? "not signed in" : `${sessions} ${sessions === 1 ? "session" : "sessions"}`}
              {lastSignInAt !== null && (
                <>
                  , the last <RelativeTime at={lastSignInAt} />
                </>
              )}
            </span>
          )}
          {user.state === "active" && !user.hasPassword && <span className="text-warning-fg">no password</span>}
          {linkExpiresAt !== null && (
            <span>
              link ends <RelativeTime at={linkExpiresAt} />
            </span>
          )}
          {user.state === "invited" && linkExpiresAt === null && <span className="text-warning-fg">invitation expired</span>}
        </>
      }
      actions={<UserActions user={user} isSelf={isSelf} onLink={onLink} />}
    />
  );
}

"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { RelativeTime } from "#app/_components/relative-time.tsx";
import { Badge } from "#app/_components/ui/badge.tsx";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";
import { EmptyState } from "#app/_components/ui/empty-state.tsx";
import { ErrorState } from "#app/_components/ui/error-state.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Token } from "#server/contracts/access.ts";
import type { Role } from "#server/contracts/statuses.ts";

import { CreateTokenDialog } from "./create-token-dialog.tsx";
import { RoleBadge } from "./role-badge.tsx";
import { Row, Rows, RowsSkeleton } from "./rows.tsx";

const STATES = {
  active: null,
  expired: { label: "Expired", tone: "neutral" },
  revoked: { label: "Revoked", tone: "neutral" },
  suspended: { label: "Owner disabled", tone: "warning" },
} as const;

/** API tokens: made, told apart, revoked. */
export function TokensCard({ role }: { role: Role }) {
  const trpc = useTRPC();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const query = useQuery(trpc.tokens.list.queryOptions());
  const items = query.data?.items;
  const newToken = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      New token
    </Button>
  );
  return (
    <Card
      title="API tokens"
      description="Sent as Authorization: Bearer. Never put one in a URL."
      actions={items !== undefined && items.length > 0 && newToken}
      flush
    >
      {items === undefined ? (
        query.isError ? (
          <ErrorState title="The tokens could not be loaded" {...describeError(query.error)} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <RowsSkeleton />
        )
      ) : items.length === 0 ? (
        <EmptyState icon={<KeyRound />} title="No token yet" actions={newToken}>
          A program needs one to call the HTTP API. Give it the smallest role that does, and an end.
        </EmptyState>
      ) : (
        <Rows label="API tokens">
          {items.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
          ))}
        </Rows>
      )}
      <CreateTokenDialog key={role} open={creating} onOpenChange={setCreating} highest={role} />
      <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />
    </Card>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const { name, start, createdBy, createdAt, lastUsedAt, expiresAt } = token;
  const state = STATES[token.state];
  const over = token.state === "revoked" || token.state === "expired";
  return (
    <Row
      title={<span className={over ? "text-fg-muted line-through decoration-fg-subtle" : undefined}>{name}</span>}
      badges={
        <>
          <RoleBadge role={token.role} />
          {state !== null && <Badge tone={state.tone}>{state.label}</Badge>}
        </>
      }
      facts={
        <>
          {start !== "" && <span className="font-mono">{start}…</span>}
          <span>
            by {createdBy}, <RelativeTime at={createdAt} />
          </span>
          <span>{lastUsedAt === null ? "never used" : <>last used {<RelativeTime at={lastUsedAt} />}</>}</span>
          <span>{expiresAt === null ? "never expires" : <>expires {<RelativeTime at={expiresAt} />}</>}</span>
        </>
      }
      actions={
        token.state === "revoked" ? null : (
          <Button size="sm" variant="danger-quiet" aria-label={`Revoke ${name}`} onClick={onRevoke}>
            Revoke
          </Button>
        )
      }
    />
  );
}

function RevokeDialog({ token, onClose }: { token: Token | null; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.tokens.revoke.mutationOptions({
      onSuccess: ({ name }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.tokens.pathKey() });
        toast.success(`“${name}” is revoked`);
        onClose();
      },
      onError: (error) => toast.error("The token could not be revoked", { description: describeError(error).message }),
    }),
  );
  return (
    <ConfirmDialog
      open={token !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      danger
      title={`Revoke “${token?.name ?? ""}”?`}
      description="Whatever uses it is refused from this moment on. It can’t be taken back."
      confirmLabel="Revoke"
      busy={revoke.isPending}
      onConfirm={() => {
        if (token !== null) revoke.mutate({ id: token.id });
      }}
    />
  );
}

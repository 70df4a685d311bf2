"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FormEvent } from "react";

import { describeError, fieldErrors } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Role } from "#server/contracts/statuses.ts";

import type { ShownLink } from "./link-dialog.tsx";
import { RoleSelect } from "./role-select.tsx";

const FORM = "invite-user";

type InviteDialogProps = { open: boolean; onOpenChange: (open: boolean) => void; onLink: (link: ShownLink) => void };

/** Asks whom to invite and as what; hands on the link. */
export function InviteDialog({ open, onOpenChange, onLink }: InviteDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const invite = useMutation(
    trpc.users.invite.mutationOptions({
      onSuccess: ({ user, link }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.users.pathKey() });
        setEmail("");
        onOpenChange(false);
        onLink({ ...link, name: user.email, purpose: "invitation" });
      },
    }),
  );
  const wrong = fieldErrors(invite.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!invite.isPending) invite.mutate({ email, role });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) invite.reset();
        onOpenChange(next);
      }}
      title="Invite somebody"
      description="You get a link to hand over; it works once, for a week."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" busy={invite.isPending}>
            Make invitation
          </Button>
        </>
      }
    >
      <form id={FORM} aria-label="Invite somebody" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label="E-mail" hint="They sign in with it" error={wrong["email"]}>
          {(control) => <Input {...control} type="email" value={email} maxLength={254} autoFocus onChange={(event) => setEmail(event.target.value)} />}
        </Field>
        <RoleSelect value={role} highest="administrator" onChange={setRole} error={wrong["role"]} />
        {invite.isError && Object.keys(wrong).length === 0 && (
          <p role="alert" className="text-danger-fg">
            {describeError(invite.error).message}
          </p>
        )}
      </form>
    </Dialog>
  );
}

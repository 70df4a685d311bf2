"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { FormEvent } from "react";
import { toast } from "sonner";

import { describeError, fieldErrors } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Card } from "#app/_components/ui/card.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { User } from "#server/contracts/access.ts";

/** Name and e-mail; another e-mail wants the password, where there is one. */
export function ProfileCard({ user }: { user: User }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState(user.name);
  const [email, setEmail] = useState(user.email);
  const [currentPassword, setCurrentPassword] = useState("");
  const save = useMutation(
    trpc.account.update.mutationOptions({
      onSuccess: (saved) => {
        queryClient.setQueryData(trpc.account.get.queryKey(), saved);
        void queryClient.invalidateQueries({ queryKey: trpc.session.pathKey() });
        setCurrentPassword("");
        toast.success("Saved");
        router.refresh();
      },
    }),
  );
  const wrong = fieldErrors(save.error);
  const changesEmail = email.trim().toLowerCase() !== user.email;
  const dirty = changesEmail || name.trim() !== user.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dirty && !save.isPending) save.mutate({ name, email, ...(changesEmail && user.hasPassword ? { currentPassword } : {}) });
  };
  return (
    <Card title="You">
      <form aria-label="You" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="Shown with what you do" error={wrong["name"]}>
          {(control) => <Input {...control} value={name} maxLength={100} autoComplete="name" onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="E-mail" hint="You sign in with it" error={wrong["email"]}>
          {(control) => (
            <Input {...control} type="email" value={email} maxLength={254} autoComplete="username" onChange={(event) => setEmail(event.target.value)} />
          )}
        </Field>
        {changesEmail && user.hasPassword && (
          <Field label="Current password" hint="Since you sign in by this address" error={wrong["currentPassword"]}>
            {(control) => (
              <Input
                {...control}
                type="password"
                value={currentPassword}
                autoComplete="current-password"
                onChange={(event) => setCurrentPassword(event.target.value)}
              />
            )}
          </Field>
        )}
        {save.isError && Object.keys(wrong).length === 0 && (
          <p role="alert" className="text-danger-fg">
            {describeError(save.error).message}
          </p>
        )}
        <div>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!dirty}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}

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

/** Sets a password, or changes it with the current one; other sessions end. */
export function PasswordCard({ user }: { user: User }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [currentPassword, setCurrentPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const save = useMutation(
    trpc.account.setPassword.mutationOptions({
      onSuccess: ({ ended }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.account.pathKey() });
        setCurrentPassword("");
        setNewPassword("");
        toast.success(
          "Your password is set",
          ended === 0 ? {} : { description: ended === 1 ? "Your other session has ended." : `Your ${ended} other sessions have ended.` },
        );
        router.refresh();
      },
    }),
  );
  const wrong = fieldErrors(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate({ newPassword, ...(user.hasPassword ? { currentPassword } : {}) });
  };
  return (
    <Card title="Password" description={user.hasPassword ? undefined : "You came by a link and have none yet. With one you can sign in again."}>
      <form aria-label="Password" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
        {user.hasPassword && (
          <Field label="Current password" error={wrong["currentPassword"]}>
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
        <Field label="New password" hint="At least 12 characters: a few words are easier to remember than signs" error={wrong["newPassword"]}>
          {(control) => (
            <Input {...control} type="password" value={newPassword} autoComplete="new-password" onChange={(event) => setNewPassword(event.target.value)} />
          )}
        </Field>
        {save.isError && Object.keys(wrong).length === 0 && (
          <p role="alert" className="text-danger-fg">
            {describeError(save.error).message}
          </p>
        )}
        <div>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={newPassword === ""}>
            {user.hasPassword ? "Change password" : "Set password"}
          </Button>
        </div>
      </form>
    </Card>
  );
}

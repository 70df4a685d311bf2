"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Ellipsis, Link2, Trash2, UserCheck } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { describeError } from "#app/_components/describe-error.ts";
import { IconButton } from "#app/_components/ui/button.tsx";
import { ConfirmDialog } from "#app/_components/ui/confirm-dialog.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuRadioGroup, MenuRadioItem, MenuSeparator } from "#app/_components/ui/dropdown-menu.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { User } from "#server/contracts/access.ts";
import { ROLES } from "#server/contracts/statuses.ts";

import type { ShownLink } from "./link-dialog.tsx";
import { ROLE_LOOKS } from "./role-badge.tsx";

type Asked = "disable" | "remove" | null;

/** What an administrator may do with a user. */
export function UserActions({ user, isSelf, onLink }: { user: User; isSelf: boolean; onLink: (link: ShownLink) => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Asked>(null);
  const { id, name } = user;
  const told = (done: string) => ({
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: trpc.users.pathKey() });
      void queryClient.invalidateQueries({ queryKey: trpc.tokens.pathKey() });
      setAsked(null);
      toast.success(done);
    },
    onError: (error: unknown) => {
      setAsked(null);
      toast.error("That could not be done", { description: describeError(error).message });
    },
  });
  const changeRole = useMutation(trpc.users.changeRole.mutationOptions(told(`${name} has another role`)));
  const disable = useMutation(trpc.users.disable.mutationOptions(told(`${name} is disabled`)));
  const enable = useMutation(trpc.users.enable.mutationOptions(told(`${name} may sign in again`)));
  const remove = useMutation(trpc.users.remove.mutationOptions(told(`${name} is removed`)));
  const reset = useMutation(
    trpc.users.resetPassword.mutationOptions({
      onSuccess: ({ link, purpose }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.users.pathKey() });
        onLink({ ...link, purpose, name: user.email });
      },
      onError: (error) => toast.error("No link could be made", { description: describeError(error).message }),
    }),
  );
  return (
    <>
      <DropdownMenu
        label={`Actions for ${name}`}
        trigger={
          <IconButton label={`Actions for ${name}`}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        <MenuLabel>Role</MenuLabel>
        <MenuRadioGroup
          value={user.role}
          onValueChange={(value) => {
            const role = ROLES.find((one) => one === value);
            if (role !== undefined && role !== user.role) changeRole.mutate({ id, role });
          }}
        >
          {ROLES.map((role) => (
            <MenuRadioItem key={role} value={role}>
              {ROLE_LOOKS[role].label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
        <MenuSeparator />
        {user.state !== "disabled" && (
          <MenuItem onSelect={() => reset.mutate({ id })}>
            <Link2 aria-hidden />
            {user.state === "invited" ? "New invitation link" : "Reset link"}
          </MenuItem>
        )}
        {user.state === "disabled" && (
          <MenuItem onSelect={() => enable.mutate({ id })}>
            <UserCheck aria-hidden />
            Enable
          </MenuItem>
        )}
        {!isSelf && user.state !== "disabled" && (
          <MenuItem danger onSelect={() => setAsked("disable")}>
            <Ban aria-hidden />
            Disable…
          </MenuItem>
        )}
        {!isSelf && (
          <MenuItem danger onSelect={() => setAsked("remove")}>
            <Trash2 aria-hidden />
            Remove…
          </MenuItem>
        )}
      </DropdownMenu>
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => {
          if (!open) setAsked(null);
        }}
        danger
        title={asked === "remove" ? `Remove ${name}?` : `Disable ${name}?`}
        description={
          asked === "remove"
            ? "They are signed out at once and their tokens are revoked, for good. What they did stays in their name."
            : "They are signed out at once, and their tokens count for nothing until they are enabled again."
        }
        confirmLabel={asked === "remove" ? "Remove" : "Disable"}
        busy={disable.isPending || remove.isPending}
        onConfirm={() => (asked === "remove" ? remove.mutate({ id }) : disable.mutate({ id }))}
      />
    </>
  );
}

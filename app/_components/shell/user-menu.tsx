"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleUser, LogOut, UserCog } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";

import { useTRPC } from "../../_trpc/client.tsx";
import { IconButton } from "../ui/button.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "../ui/dropdown-menu.tsx";

async function signOut(): Promise<void> {
  const response = await fetch("/api/auth/sign-out", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  // A full load, so that nothing the account could see stays in memory.
  window.location.assign("/sign-in");
}

/** Who is signed in, and the way out. */
export function UserMenu() {
  const trpc = useTRPC();
  const router = useRouter();
  const me = useQuery(trpc.session.me.queryOptions());
  return (
    <DropdownMenu
      label="Account"
      trigger={
        <IconButton label="Account">
          <CircleUser aria-hidden />
        </IconButton>
      }
    >
      <MenuLabel>
        <span className="block text-sm font-medium text-fg">{me.data?.name ?? "Signed in"}</span>
        <span className="block capitalize">{me.data?.role}</span>
      </MenuLabel>
      <MenuSeparator />
      <MenuItem onSelect={() => router.push("/account")}>
        <UserCog aria-hidden />
        Account
      </MenuItem>
      <MenuItem
        onSelect={() =>
          void signOut().catch((error: unknown) => toast.error("Signing out failed", { description: error instanceof Error ? error.message : undefined }))
        }
      >
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </DropdownMenu>
  );
}

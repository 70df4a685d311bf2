"use client";

import { Menu, X } from "lucide-react";
import * as RadixDialog from "radix-ui/dialog";
import { useState } from "react";

import { IconButton } from "../ui/button.tsx";
import { OVERLAY_CLASS } from "../ui/dialog.tsx";
import { Brand } from "./brand.tsx";
import { Nav } from "./nav.tsx";

/** The navigation as a drawer, where there is no room for the sidebar. */
export function MobileNav() {
  const [open, setOpen] = useState(false);
  return (
    <RadixDialog.Root open={open} onOpenChange={setOpen}>
      <RadixDialog.Trigger asChild>
        <IconButton label="Open navigation" className="-ml-2 lg:hidden">
          <Menu aria-hidden />
        </IconButton>
      </RadixDialog.Trigger>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={OVERLAY_CLASS} />
        <RadixDialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex w-64 max-w-[85vw] animate-fade flex-col gap-5 border-r border-line bg-surface p-3 shadow-lg"
        >
          <div className="flex items-center justify-between pl-1">
            <Brand />
            <RadixDialog.Title className="sr-only">Navigation</RadixDialog.Title>
            <RadixDialog.Close asChild>
              <IconButton label="Close navigation">
                <X aria-hidden />
              </IconButton>
            </RadixDialog.Close>
          </div>
          <Nav onNavigate={() => setOpen(false)} />
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

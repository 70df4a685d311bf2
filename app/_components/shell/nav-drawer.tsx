"use client";

import { X } from "lucide-react";
import * as RadixDialog from "radix-ui/dialog";

import { IconButton } from "../ui/button.tsx";
import { OVERLAY_CLASS } from "../ui/dialog.tsx";
import { useReturnFocus } from "../ui/use-return-focus.ts";
import { Brand } from "./brand.tsx";
import { Nav } from "./nav.tsx";

/** The drawer that MobileNav opens. */
export function NavDrawer({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const returnFocus = useReturnFocus();
  return (
    <RadixDialog.Root open onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={OVERLAY_CLASS} />
        <RadixDialog.Content
          {...returnFocus}
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
          <Nav onNavigate={() => onOpenChange(false)} />
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

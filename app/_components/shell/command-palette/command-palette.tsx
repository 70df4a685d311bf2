"use client";

import { Command } from "cmdk";
import { CircleCheckBig, CirclePlay, Clock, Keyboard, Plus, Search, Skull } from "lucide-react";
import { useRouter } from "next/navigation";
import * as RadixDialog from "radix-ui/dialog";
import { useState } from "react";
import type { ReactNode } from "react";

import { cx } from "../../ui/cx.ts";
import { DIALOG_CLASS, OVERLAY_CLASS } from "../../ui/dialog.tsx";
import { useReturnFocus } from "../../ui/use-return-focus.ts";
import { NAV_ITEMS } from "../nav-items.ts";
import { setTheme } from "../theme.ts";
import { THEME_CHOICES } from "../theme-choices.ts";
import { PaletteGroup, PaletteItem } from "./palette-item.tsx";
import { FoundRuns } from "./found-runs.tsx";

const VIEWS: { label: string; href: string; icon: ReactNode }[] = [
  { label: "Runs that run now", href: "/runs?status=running", icon: <CirclePlay /> },
  { label: "Runs that wait", href: "/runs?status=queued,retrying", icon: <Clock /> },
  { label: "Runs that failed for good", href: "/runs?status=dead,failed", icon: <Skull /> },
  { label: "Runs that succeeded", href: "/runs?status=succeeded", icon: <CircleCheckBig /> },
];

export type CommandPaletteProps = {
  onOpenChange: (open: boolean) => void;
  onShortcuts: () => void;
  /** Hands over what was typed while the palette was on its way. */
  takeTyped: () => string | null;
};

/** Everything by name: places, runs by name or id, what can be done anywhere. Opened by Ctrl+K. */
export function CommandPalette({ onOpenChange, onShortcuts, takeTyped }: CommandPaletteProps) {
  const router = useRouter();
  const returnFocus = useReturnFocus();
  const [text, setText] = useState("");
  const go = (href: string) => {
    onOpenChange(false);
    router.push(href);
  };
  return (
    <RadixDialog.Root open onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={OVERLAY_CLASS} />
        <RadixDialog.Content {...returnFocus} aria-describedby={undefined} className={cx(DIALOG_CLASS, "max-w-xl")}>
          <RadixDialog.Title className="sr-only">Search and commands</RadixDialog.Title>
          <Command label="Search and commands" loop className="flex min-h-0 flex-col">
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search aria-hidden className="size-4 shrink-0 text-fg-subtle" />
              <Command.Input
                value={text}
                onValueChange={setText}
                // From here on keys arrive by themselves.
                onFocus={() => {
                  const typed = takeTyped();
                  if (typed !== null) setText(typed);
                }}
                placeholder="A run’s name or id, a page, a command"
                className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-fg-subtle"
              />
            </div>
            <Command.List className="max-h-[24rem] min-h-0 overflow-y-auto p-1.5" label="Results">
              <Command.Empty className="px-3 py-8 text-center text-fg-muted">
                Nothing is called that. A run is found by a part of its name, or by its id.
              </Command.Empty>
              <PaletteGroup heading="Go to">
                {NAV_ITEMS.map(({ href, label, Icon }) => (
                  <PaletteItem key={href} name={`go ${label}`} onSelect={() => go(href)} icon={<Icon />}>
                    {label}
                  </PaletteItem>
                ))}
                <PaletteItem name="go New run" onSelect={() => go("/runs/new")} icon={<Plus />}>
                  New run
                </PaletteItem>
              </PaletteGroup>
              <FoundRuns text={text} onOpen={(id) => go(`/runs/${id}`)} />
              <PaletteGroup heading="Show">
                {VIEWS.map(({ label, href, icon }) => (
                  <PaletteItem key={href} name={label} onSelect={() => go(href)} icon={icon}>
                    {label}
                  </PaletteItem>
                ))}
              </PaletteGroup>
              <PaletteGroup heading="Do">
                {THEME_CHOICES.map(({ theme, label, Icon }) => (
                  <PaletteItem
                    key={theme}
                    name={`theme ${label}`}
                    onSelect={() => {
                      setTheme(theme);
                      onOpenChange(false);
                    }}
                    icon={<Icon />}
                  >
                    Theme: {label}
                  </PaletteItem>
                ))}
                <PaletteItem name="keyboard shortcuts" onSelect={onShortcuts} icon={<Keyboard />}>
                  Keyboard shortcuts
                </PaletteItem>
              </PaletteGroup>
            </Command.List>
          </Command>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

"use client";

import { Keyboard } from "lucide-react";

import { Kbd } from "../ui/kbd.tsx";
import { useShellDialog } from "./shortcuts/shell-dialogs.tsx";

/** At the foot of the sidebar: the way to the shortcuts, also when they are switched off. */
export function ShortcutsButton() {
  const show = useShellDialog();
  return (
    <button
      type="button"
      onClick={() => show("shortcuts")}
      className="mt-auto flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm text-fg-muted transition-colors duration-75 hover:bg-subtle hover:text-fg"
    >
      <Keyboard aria-hidden className="size-4 shrink-0 text-fg-subtle" />
      <span className="flex-1 text-left">Keyboard shortcuts</span>
      <span aria-hidden>
        <Kbd>?</Kbd>
      </span>
    </button>
  );
}

"use client";

import { Search } from "lucide-react";

import { IconButton } from "../ui/button.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { useModifierKey } from "./modifier-key.ts";
import { useShellDialog } from "./shortcuts/shell-dialogs.tsx";

/** Opens the command palette; on narrow screens as an icon. */
export function SearchButton() {
  const show = useShellDialog();
  const modifier = useModifierKey();
  return (
    <>
      <IconButton label="Search and commands" className="md:hidden" onClick={() => show("palette")}>
        <Search aria-hidden />
      </IconButton>
      <button
        type="button"
        aria-label="Search and commands"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => show("palette")}
        className="hidden h-8 w-52 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm text-fg-subtle shadow-sm transition-colors duration-100 hover:border-line-strong hover:text-fg-muted md:flex"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="flex-1 text-left">Search</span>
        <span aria-hidden className="flex gap-0.5">
          <Kbd>{modifier}</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
    </>
  );
}

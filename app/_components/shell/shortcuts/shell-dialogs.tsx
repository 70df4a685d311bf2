"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { createContext, use, useEffect, useState } from "react";
import type { ReactNode } from "react";

import { createChord } from "./chord.ts";
import { isPlainKey, isTyping } from "./is-typing.ts";
import { CHORDS } from "./shortcut-list.ts";
import { areShortcutsOn } from "./shortcut-switch.ts";

// Most visits need neither: they come when they are asked for.
const CommandPalette = dynamic(() => import("../command-palette/command-palette.tsx").then((module) => module.CommandPalette), { ssr: false });
const ShortcutSheet = dynamic(() => import("./shortcut-sheet.tsx").then((module) => module.ShortcutSheet), { ssr: false });

type Shown = "palette" | "shortcuts" | null;
const ShowContext = createContext<(shown: Shown) => void>(() => undefined);

/** Opens the command palette or the sheet of shortcuts. */
export const useShellDialog = () => use(ShowContext);

/** The shell's own keys (Ctrl+K, `?`, `/`, `g` and a letter), and the two dialogs that they open. */
export function ShellDialogs({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [shown, setShown] = useState<Shown>(null);

  useEffect(() => {
    const chord = createChord("g", (key) => Object.hasOwn(CHORDS, key));
    const take = (event: KeyboardEvent) => {
      event.preventDefault();
      // The page below must not take the chord's second key for one of its own.
      event.stopImmediatePropagation();
    };
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        take(event);
        setShown((old) => (old === "palette" ? null : "palette"));
        return;
      }
      if (!isPlainKey(event) || isTyping(event.target) || !areShortcutsOn()) return;
      const step = chord.press(event.key, event.timeStamp);
      if (step === "begun") return take(event);
      if (step !== "none") {
        take(event);
        router.push(CHORDS[step.key]?.href ?? "/");
      } else if (event.key === "?") {
        take(event);
        setShown("shortcuts");
      } else if (event.key === "/") {
        take(event);
        const search = document.querySelector<HTMLInputElement>("main [type=search]");
        if (search === null) setShown("palette");
        else {
          search.focus();
          search.select();
        }
      }
    };
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [router]);

  const close = (open: boolean) => {
    if (!open) setShown(null);
  };
  return (
    <ShowContext value={setShown}>
      {children}
      {shown === "palette" && <CommandPalette onOpenChange={close} onShortcuts={() => setShown("shortcuts")} />}
      {shown === "shortcuts" && <ShortcutSheet onOpenChange={close} />}
    </ShowContext>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { createContext, use, useCallback, useEffect, useState } from "react";
import type { ComponentType, ReactNode } from "react";
import { toast } from "sonner";

import type { CommandPaletteProps } from "../command-palette/command-palette.tsx";
import { createChord } from "./chord.ts";
import { isPlainKey, isTyping } from "./is-typing.ts";
import { CHORDS } from "./shortcut-list.ts";
import { areShortcutsOn } from "./shortcut-switch.ts";
import { createTypedAhead } from "./typed-ahead.ts";

type DialogName = "palette" | "shortcuts";
type Shown =
  | { name: "palette"; Dialog: ComponentType<CommandPaletteProps> }
  | { name: "shortcuts"; Dialog: ComponentType<{ onOpenChange: (open: boolean) => void }> };

/** Most visits need neither: they come when they are asked for. */
const LOAD: Record<DialogName, () => Promise<Shown>> = {
  palette: async () => ({ name: "palette", Dialog: (await import("../command-palette/command-palette.tsx")).CommandPalette }),
  shortcuts: async () => ({ name: "shortcuts", Dialog: (await import("./shortcut-sheet.tsx")).ShortcutSheet }),
};

const ShowContext = createContext<(name: DialogName) => void>(() => undefined);

/** Opens the command palette or the sheet of shortcuts. */
export const useShellDialog = () => use(ShowContext);

/** The shell's own keys (Ctrl+K, `?`, `/`, `g` and a letter), and the two dialogs that they open. */
export function ShellDialogs({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [shown, setShown] = useState<Shown | null>(null);
  const [typed] = useState(createTypedAhead);

  const show = useCallback(
    (name: DialogName) => {
      if (name === "palette") typed.begin();
      LOAD[name]().then(setShown, () => {
        typed.take();
        toast.error("This could not be loaded", { description: "The server can’t be reached. Try again." });
      });
    },
    [typed],
  );

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
        if (shown?.name === "palette") setShown(null);
        else show("palette");
        return;
      }
      if (typed.press(event)) return take(event);
      if (!isPlainKey(event) || isTyping(event.target) || !areShortcutsOn()) return;
      const step = chord.press(event.key, event.timeStamp);
      if (step === "begun") return take(event);
      if (step !== "none") {
        take(event);
        router.push(CHORDS[step.key]?.href ?? "/");
      } else if (event.key === "?") {
        take(event);
        show("shortcuts");
      } else if (event.key === "/") {
        take(event);
        const search = document.querySelector<HTMLInputElement>("main [type=search]");
        if (search === null) show("palette");
        else {
          search.focus();
          search.select();
        }
      }
    };
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [router, show, shown, typed]);

  const close = (open: boolean) => {
    if (!open) setShown(null);
  };
  return (
    <ShowContext value={show}>
      {children}
      {shown?.name === "palette" && <shown.Dialog onOpenChange={close} onShortcuts={() => show("shortcuts")} takeTyped={typed.take} />}
      {shown?.name === "shortcuts" && <shown.Dialog onOpenChange={close} />}
    </ShowContext>
  );
}

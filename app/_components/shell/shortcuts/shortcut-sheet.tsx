"use client";

import { Dialog } from "../../ui/dialog.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { Switch } from "../../ui/switch.tsx";
import { SHORTCUTS } from "./shortcut-list.ts";
import type { ShortcutLine } from "./shortcut-list.ts";
import { setShortcutsOn, useShortcutsOn } from "./shortcut-switch.ts";

/** Every shortcut, and the switch for those of one character. */
export function ShortcutSheet({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const on = useShortcutsOn();
  return (
    <Dialog open onOpenChange={onOpenChange} title="Keyboard shortcuts" wide>
      <div className="flex flex-col gap-5">
        <div className="flex items-start justify-between gap-4 rounded-lg border border-line bg-inset px-3 py-2.5">
          <div>
            <label htmlFor="shortcuts-on" className="font-medium">
              Shortcuts of one key
            </label>
            <p id="shortcuts-hint" className="text-xs text-fg-subtle">
              Off for this browser, only those with Ctrl, Enter or Esc work. They never work while you type.
            </p>
          </div>
          <Switch id="shortcuts-on" aria-describedby="shortcuts-hint" checked={on} onChange={(event) => setShortcutsOn(event.target.checked)} />
        </div>
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
          {SHORTCUTS.map(({ title, lines }) => (
            <section key={title} className="flex min-w-0 flex-col gap-1">
              <h3 className="pb-1 text-xs font-medium text-fg-subtle">{title}</h3>
              <dl className="flex flex-col gap-1.5">
                {lines.map((line) => (
                  <div key={line.does} className="flex items-center justify-between gap-3">
                    <dt>{line.does}</dt>
                    <dd className="flex shrink-0 items-center gap-1">
                      <Keys line={line} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Dialog>
  );
}

function Keys({ line: { keys, inTurn = false } }: { line: ShortcutLine }) {
  return keys.map((key, index) => (
    <span key={key} className="flex items-center gap-1">
      {index > 0 && <span className="text-2xs text-fg-subtle">{inTurn ? "then" : "+"}</span>}
      <Kbd>{key}</Kbd>
    </span>
  ));
}

"use client";

import { BellOff, CircleCheckBig, Ellipsis, Undo2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";

import { IconButton } from "#app/_components/ui/button.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "#app/_components/ui/dropdown-menu.tsx";
import type { DeadLetterGroup } from "#server/contracts/dead-letters.ts";

import { IGNORE_CHOICES } from "./group-state-text.ts";
import type { GroupDeeds } from "./use-group-deeds.ts";

const UntilDialog = dynamic(() => import("./until-dialog.tsx").then((module) => module.UntilDialog));

/** What a person may say of a group: set it aside for a while, call it resolved, take either back. */
export function GroupMenu({ group, deeds }: { group: DeadLetterGroup; deeds: GroupDeeds }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <DropdownMenu
        label={`Group: ${group.title}`}
        trigger={
          <IconButton label={`Ignore or resolve: ${group.title}`} disabled={deeds.busy}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        {group.state !== "open" && (
          <>
            <MenuItem onSelect={() => deeds.reopen(group)}>
              <Undo2 aria-hidden />
              Reopen
            </MenuItem>
            <MenuSeparator />
          </>
        )}
        {group.state !== "resolved" && (
          <MenuItem onSelect={() => deeds.resolve(group)}>
            <CircleCheckBig aria-hidden />
            Resolve until it comes back
          </MenuItem>
        )}
        <MenuLabel>Ignore for</MenuLabel>
        {IGNORE_CHOICES.map(({ label, ms }) => (
          <MenuItem key={label} onSelect={() => deeds.ignore(group, new Date(Date.now() + ms).toISOString())}>
            <BellOff aria-hidden />
            {label}
          </MenuItem>
        ))}
        <MenuItem onSelect={() => setAsking(true)}>
          <BellOff aria-hidden />
          Until…
        </MenuItem>
      </DropdownMenu>
      {asking && (
        <UntilDialog
          onClose={() => setAsking(false)}
          onChoose={(until) => {
            deeds.ignore(group, until);
            setAsking(false);
          }}
        />
      )}
    </>
  );
}

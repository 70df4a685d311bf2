"use client";

import { BellOff, CircleCheckBig, Ellipsis, Undo2 } from "lucide-react";
import { useState } from "react";

import { Button, IconButton } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "#app/_components/ui/dropdown-menu.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import type { DeadLetterGroup } from "#server/contracts/dead-letters.ts";

import { IGNORE_CHOICES, readUntil } from "./group-state-text.ts";
import type { GroupDeeds } from "./use-group-deeds.ts";

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

function UntilDialog({ onClose, onChoose }: { onClose: () => void; onChoose: (until: string) => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const submit = () => {
    const until = readUntil(text, Date.now());
    if (until === null) setProblem("Choose a moment that lies ahead.");
    else onChoose(until);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Ignore the group until"
      description="It is open again from then on. Its dead letters stay, and can be retried all the same."
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button type="submit" form="ignore-until" variant="primary">
            Ignore
          </Button>
        </>
      }
    >
      <form
        id="ignore-until"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="Day and time" hint="In your own time zone" error={problem}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setProblem(undefined);
              }}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

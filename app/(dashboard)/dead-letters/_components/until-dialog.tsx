"use client";

import { useState } from "react";

import { Button } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";

import { readUntil } from "./group-state-text.ts";

/** Asks until when a group is to be ignored. */
export function UntilDialog({ onClose, onChoose }: { onClose: () => void; onChoose: (until: string) => void }) {
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

"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FormEvent } from "react";

import { describeError, fieldErrors } from "#app/_components/describe-error.ts";
import { Button } from "#app/_components/ui/button.tsx";
import { Dialog } from "#app/_components/ui/dialog.tsx";
import { Field } from "#app/_components/ui/field.tsx";
import { Input } from "#app/_components/ui/input.tsx";
import { Select } from "#app/_components/ui/select.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";
import type { Role } from "#server/contracts/statuses.ts";

import { RoleSelect } from "./role-select.tsx";
import { ShownOnce } from "./shown-once.tsx";

const DAY_MS = 24 * 3_600_000;
const LIFETIMES = [
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "1 year" },
  { days: 0, label: "Never" },
];
const FORM = "create-token";

/** Asks for a token's name, role and lifetime; then shows its secret, once. */
export function CreateTokenDialog({ open, onOpenChange, highest }: { open: boolean; onOpenChange: (open: boolean) => void; highest: Role }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>(highest === "viewer" ? "viewer" : "operator");
  const [days, setDays] = useState(90);
  const create = useMutation(trpc.tokens.create.mutationOptions({ onSuccess: () => void queryClient.invalidateQueries({ queryKey: trpc.tokens.pathKey() }) }));
  const change = (next: boolean) => {
    if (!next) {
      create.reset();
      setName("");
    }
    onOpenChange(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate({ name, role, expiresAt: days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString() });
  };
  const wrong = fieldErrors(create.error);
  const made = create.data;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={made === undefined ? "New token" : `Token “${made.name}”`}
      description={made === undefined ? "For a program that calls the HTTP API. It never may more than you." : undefined}
      footer={
        made === undefined ? (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button type="submit" form={FORM} variant="primary" busy={create.isPending}>
              Create token
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={() => change(false)}>
            Done
          </Button>
        )
      }
    >
      {made === undefined ? (
        <form id={FORM} aria-label="New token" noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Name" hint="What uses it, for example “nightly backup”" error={wrong["name"]}>
            {(control) => <Input {...control} value={name} maxLength={100} autoFocus onChange={(event) => setName(event.target.value)} />}
          </Field>
          <RoleSelect value={role} highest={highest} onChange={setRole} error={wrong["role"]} />
          <Field label="Expires after" error={wrong["expiresAt"]}>
            {(control) => (
              <Select {...control} value={String(days)} onChange={(event) => setDays(Number(event.target.value))}>
                {LIFETIMES.map((lifetime) => (
                  <option key={lifetime.days} value={lifetime.days}>
                    {lifetime.label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {create.isError && Object.keys(wrong).length === 0 && (
            <p role="alert" className="text-danger-fg">
              {describeError(create.error).message}
            </p>
          )}
        </form>
      ) : (
        <ShownOnce label="Token" value={made.secret}>
          Copy it now and keep it where secrets are kept. Only its hash stays here; a lost one is replaced by another.
        </ShownOnce>
      )}
    </Dialog>
  );
}

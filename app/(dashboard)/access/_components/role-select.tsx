"use client";

import { Field } from "#app/_components/ui/field.tsx";
import { Select } from "#app/_components/ui/select.tsx";
import type { Role } from "#server/contracts/statuses.ts";
import { ROLES } from "#server/contracts/statuses.ts";

import { ROLE_LOOKS } from "./role-badge.tsx";

/** Chooses a role, up to one's own. */
export function RoleSelect({ value, highest, onChange, error }: { value: Role; highest: Role; onChange: (role: Role) => void; error?: string | undefined }) {
  return (
    <Field label="Role" hint={`A ${value} ${ROLE_LOOKS[value].says}.`} error={error}>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(ROLES.find((role) => role === event.target.value) ?? "viewer")}>
          {ROLES.slice(0, ROLES.indexOf(highest) + 1).map((role) => (
            <option key={role} value={role}>
              {ROLE_LOOKS[role].label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

import { Eye, Play, ShieldCheck } from "lucide-react";

import { Badge } from "#app/_components/ui/badge.tsx";
import type { Role } from "#server/contracts/statuses.ts";

/** What each role is called, and what it may, in a few words. */
export const ROLE_LOOKS = {
  viewer: { label: "Viewer", says: "reads everything", Icon: Eye },
  operator: { label: "Operator", says: "submits, cancels, retries, drains", Icon: Play },
  administrator: { label: "Administrator", says: "also settings, users and all tokens", Icon: ShieldCheck },
} as const;

/** A role as a badge. */
export function RoleBadge({ role }: { role: Role }) {
  const { label, Icon } = ROLE_LOOKS[role];
  return (
    <Badge tone={role === "administrator" ? "warning" : role === "operator" ? "info" : "neutral"}>
      <Icon aria-hidden />
      {label}
    </Badge>
  );
}

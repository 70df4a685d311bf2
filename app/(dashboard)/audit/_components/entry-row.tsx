import { ArrowRight } from "lucide-react";
import Link from "next/link";

import { RelativeTime } from "#app/_components/relative-time.tsx";
import { CopyButton } from "#app/_components/ui/copy-button.tsx";
import type { AuditEntry } from "#server/contracts/audit.ts";

import { actionText, namesTarget, targetHref, valueText } from "./action-text.ts";

const KINDS: Record<AuditEntry["actor"]["kind"], string> = { user: "", token: "token", system: "", nobody: "not signed in" };

/** One change: who did what, what was before and is after, when, and from where. */
export function EntryRow({ entry }: { entry: AuditEntry }) {
  const { actor, action, target, changes, address, requestId, at } = entry;
  const href = targetHref(action, target?.id ?? null);
  const name = namesTarget(action) ? (target?.name ?? target?.id ?? null) : null;
  return (
    <li className="flex flex-col gap-1 px-4 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-1.5">
        <span className="font-medium">{actor.name}</span>
        {KINDS[actor.kind] !== "" && <span className="text-xs text-fg-subtle">({KINDS[actor.kind]})</span>}
        <span className="text-fg-muted">{actionText(action)}</span>
        {name !== null &&
          (href === null ? (
            <span className="font-medium">{name}</span>
          ) : (
            <Link href={href} prefetch={false} className="rounded-xs font-medium underline underline-offset-2">
              {name}
            </Link>
          ))}
        <RelativeTime at={at} className="ml-auto rounded-xs text-xs whitespace-nowrap text-fg-subtle" />
      </p>
      {changes.length > 0 && (
        <ul className="flex flex-col gap-0.5 text-xs">
          {changes.map(({ path, before, after }) => (
            <li key={path} className="flex flex-wrap items-center gap-x-1.5">
              <span className="text-fg-muted">{path}</span>
              {before !== undefined && (
                <>
                  <del className="text-danger-fg no-underline">
                    <span className="sr-only">before: </span>
                    {valueText(before)}
                  </del>
                  <ArrowRight aria-hidden className="size-3 shrink-0 text-fg-subtle" />
                </>
              )}
              <ins className="font-medium text-success-fg no-underline">
                {before !== undefined && <span className="sr-only">after: </span>}
                {valueText(after)}
              </ins>
            </li>
          ))}
        </ul>
      )}
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-fg-subtle">
        <span className="font-mono">{action}</span>
        {address !== null && <span>from {address}</span>}
        {requestId !== null && (
          <span className="inline-flex items-center">
            request <code className="pl-1 font-mono">{requestId.slice(0, 8)}</code>
            <CopyButton value={requestId} label={`Copy request id ${requestId.slice(0, 8)}`} />
          </span>
        )}
      </p>
    </li>
  );
}

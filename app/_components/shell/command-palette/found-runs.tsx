"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useTRPC } from "../../../_trpc/client.tsx";
import { shortId } from "../../short-id.ts";
import { STATUS_LOOKS } from "../../status-badge.tsx";
import { cx } from "../../ui/cx.ts";
import { TONE_TEXT } from "../../ui/tone.ts";
import { PaletteGroup, PaletteItem } from "./palette-item.tsx";

/** Long enough to type the next letter. */
const DEBOUNCE_MS = 200;
const MOST = 6;

/** The newest runs that what is typed names, by the server's search. */
export function FoundRuns({ text, onOpen }: { text: string; onOpen: (id: string) => void }) {
  const trpc = useTRPC();
  const [q, setQ] = useState("");
  const wanted = text.trim();
  useEffect(() => {
    const timer = setTimeout(() => setQ(wanted), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const enabled = q.length >= 2;
  const found = useQuery(trpc.runs.list.queryOptions({ q, limit: MOST }, { enabled, placeholderData: keepPreviousData }));
  const runs = enabled && wanted !== "" ? (found.data?.items ?? []) : [];
  if (runs.length === 0) return null;
  return (
    <PaletteGroup heading="Runs">
      {runs.map(({ id, name, status }) => {
        const { Icon, label, tone } = STATUS_LOOKS[status];
        return (
          <PaletteItem key={id} keywords={[text]} name={`run ${id}`} onSelect={() => onOpen(id)} icon={<Icon aria-hidden className={cx(TONE_TEXT[tone])} />}>
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <span className="font-mono text-2xs text-fg-subtle">{shortId(id)}</span>
            <span className={cx("text-xs", TONE_TEXT[tone])}>{label}</span>
          </PaletteItem>
        );
      })}
    </PaletteGroup>
  );
}

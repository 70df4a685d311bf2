"use client";

import { useQuery } from "@tanstack/react-query";

import { Button } from "#app/_components/ui/button.tsx";
import { Notice } from "#app/_components/ui/notice.tsx";
import { useTRPC } from "#app/_trpc/client.tsx";

import { deadLettersText } from "./bulk-text.ts";

/** Says before dead letters are removed for their age that they will be. */
export function ExpiringNotice({ onShow }: { onShow: (diedBefore: string) => void }) {
  const trpc = useTRPC();
  const expiring = useQuery(trpc.deadLetters.expiring.queryOptions());
  if (expiring.data === undefined || expiring.data.count === 0) return null;
  const { count, withinDays, diedBefore } = expiring.data;
  return (
    <Notice
      tone="warning"
      className="mb-3"
      title={`${deadLettersText(count)} will be removed within ${withinDays === 1 ? "a day" : `${withinDays} days`}`}
      actions={
        <Button size="sm" onClick={() => onShow(diedBefore)}>
          Show them
        </Button>
      }
    >
      Their retention ends; Settings says how long dead letters are kept. Retry or discard them, or keep them longer.
    </Notice>
  );
}

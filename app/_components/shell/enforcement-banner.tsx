"use client";

import { useQuery } from "@tanstack/react-query";

import { useTRPC } from "../../_trpc/client.tsx";
import { Notice } from "../ui/notice.tsx";

/** On every page, while a live worker runs scripts without kernel limits: nobody may take its runs for contained. */
export function EnforcementBanner() {
  const trpc = useTRPC();
  const { data: hosts = [] } = useQuery(
    trpc.workers.list.queryOptions(undefined, {
      select: ({ items }) => [
        ...new Set(items.filter(({ status, enforced }) => (status === "active" || status === "draining") && !enforced).map(({ host }) => host)),
      ],
    }),
  );
  if (hosts.length === 0) return null;
  return (
    <div role="alert" className="px-4 pt-4 sm:px-6">
      <Notice tone="danger" title="Scripts run without kernel limits" className="mx-auto max-w-[1352px]">
        {hosts.join(", ")} {hosts.length === 1 ? "runs" : "run"} unenforced, by CORRAL_ALLOW_UNENFORCED=1: memory, CPU and process limits are not held. Don’t
        run what you don’t trust.
      </Notice>
    </div>
  );
}

import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import type { ReactNode } from "react";

import { appRouter } from "#server/api/app-router.ts";
import type { AppRouter } from "#server/api/app-router.ts";
import { createPageContext } from "#server/api/request-context.ts";
import { requireActor } from "#server/api/session.ts";

/** What has no answer by then is asked by the page itself: a slow database must not hold up what it has nothing to do with. */
const PATIENCE_MS = 500;

type Ask = (trpc: TRPCOptionsProxy<AppRouter>, ask: QueryClient["prefetchQuery"]) => Promise<void>[];

/**
 * Sends the answers that a page asks for first along with it, so that it is painted with them before any script has run. The page asks
 * again as soon as it lives, since what happened in between is told by no event; what fails here is asked, and told, there.
 */
export async function FirstAnswers({ to, children }: { to: Ask; children: ReactNode }) {
  const actor = await requireActor();
  const ctx = createPageContext(actor, await headers());
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const trpc = createTRPCOptionsProxy<AppRouter>({ router: appRouter, ctx, queryClient });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([Promise.all(to(trpc, (options) => queryClient.prefetchQuery(options))), patience]);
  clearTimeout(timer);
  const { queries } = dehydrate(queryClient);
  // Of no age: whatever the browser has, or reads itself, is newer.
  const state = { mutations: [], queries: queries.map((query) => ({ ...query, state: { ...query.state, dataUpdatedAt: 0 } })) };
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}

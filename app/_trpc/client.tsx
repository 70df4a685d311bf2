"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { TRPCClientError, createTRPCClient, httpBatchLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { useState } from "react";
import type { ReactNode } from "react";

import type { AppRouter } from "#server/api/app-router.ts";

const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();

export { useTRPC };

/** Calls in one batch; the URL of a GET with so many stays below what servers accept. */
const BATCH_MAX = 10;
const RETRIES_MAX = 2;

const statusOf = (error: unknown): number | undefined =>
  error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data?.httpStatus : undefined;

/** Only what may pass by itself is tried again: no answer at all, or a server that says it can't right now. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status === 503;
}

/** A session that has ended anywhere on the page ends here: to sign-in, and back afterwards. */
function leaveWhenSignedOut(error: unknown): void {
  if (statusOf(error) !== 401) return;
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        // The event stream says what changed; asking anew on every mount would only repeat it.
        staleTime: 30_000,
        retry: (failures, error) => failures < RETRIES_MAX && isPassing(error),
      },
      mutations: { retry: false },
    },
  });
}

/** Gives the pages below it the procedures and the query cache. */
export function TRPCReactProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(() => createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "/api/trpc", maxItems: BATCH_MAX, maxURLLength: 6000 })] }));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

"use client";

import { ErrorState } from "./_components/ui/error-state.tsx";

/** A page that failed to render: says so, and tries again. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto max-w-xl pt-[12vh]">
      <h1 className="sr-only">Error</h1>
      <ErrorState title="This page could not be shown" message="The fault is Corral's. Your runs go on regardless." onRetry={reset} requestId={error.digest} />
    </main>
  );
}

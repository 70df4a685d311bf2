"use client";

import { ErrorState } from "../_components/ui/error-state.tsx";

/** A page that failed to render, inside the shell: the way to the other pages stays. */
export default function DashboardError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <h1 className="sr-only">Error</h1>
      <ErrorState title="This page could not be shown" message="The fault is Corral's. Your runs go on regardless." onRetry={reset} requestId={error.digest} />
    </>
  );
}

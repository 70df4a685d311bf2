"use client";

import "./globals.css";

import { Button } from "./_components/ui/button.tsx";

/** The last resort, when even the root layout failed. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Error · Corral</title>
        <main role="alert" className="mx-auto flex max-w-xl flex-col items-center gap-3 px-6 pt-[18vh] text-center">
          <h1 className="text-lg font-semibold">Corral could not be shown</h1>
          <p className="text-fg-muted">The fault is Corral's. Your runs go on regardless.{error.digest ? ` Report it with the id ${error.digest}.` : ""}</p>
          <Button onClick={reset}>Retry</Button>
        </main>
      </body>
    </html>
  );
}

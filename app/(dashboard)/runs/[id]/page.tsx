import type { Metadata } from "next";
import { Suspense } from "react";

import { RunView } from "./_components/run-view.tsx";

export const metadata: Metadata = { title: "Run" };

/** One run: where it stands, why, what it used and what it printed. */
export default async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense>
      <RunView key={id} id={id} />
    </Suspense>
  );
}

import type { Metadata } from "next";
import { Suspense } from "react";

import { RunsView } from "./_components/runs-view.tsx";

export const metadata: Metadata = { title: "Runs" };

/** Every run, newest first. */
export default function RunsPage() {
  return (
    <Suspense>
      <RunsView />
    </Suspense>
  );
}

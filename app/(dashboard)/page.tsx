import type { Metadata } from "next";
import { Suspense } from "react";

import { OverviewView } from "./_components/overview-view.tsx";

export const metadata: Metadata = { title: "Overview" };

/** The front door: how Corral does right now. */
export default function OverviewPage() {
  return (
    <Suspense>
      <OverviewView />
    </Suspense>
  );
}

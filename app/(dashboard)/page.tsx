import type { Metadata } from "next";
import { Suspense } from "react";

import { FirstAnswers } from "../_trpc/first-answers.tsx";

import { OverviewView } from "./_components/overview-view.tsx";

export const metadata: Metadata = { title: "Overview" };

/** The front door: how Corral does right now. */
export default function OverviewPage() {
  return (
    <FirstAnswers to={(trpc, ask) => [ask(trpc.overview.get.queryOptions())]}>
      <Suspense>
        <OverviewView />
      </Suspense>
    </FirstAnswers>
  );
}

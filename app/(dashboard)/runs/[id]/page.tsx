import type { Metadata } from "next";
import { Suspense } from "react";

import { FirstAnswers } from "#app/_trpc/first-answers.tsx";

import { RunView } from "./_components/run-view.tsx";

export const metadata: Metadata = { title: "Run" };

/** One run: where it stands, why, what it used and what it printed. */
export default async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <FirstAnswers to={(trpc, ask) => [ask(trpc.runs.get.queryOptions({ id }))]}>
      <Suspense>
        <RunView key={id} id={id} />
      </Suspense>
    </FirstAnswers>
  );
}

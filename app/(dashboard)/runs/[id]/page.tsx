import type { Metadata } from "next";
import { Suspense } from "react";

import { FirstAnswers } from "#app/_trpc/first-answers.tsx";

import { earlyWindowOf } from "./_components/log/early-window.ts";
import { RunView } from "./_components/run-view.tsx";

export const metadata: Metadata = { title: "Run" };

/** One run: where it stands, why, what it used and what it printed. */
export default async function RunPage({ params, searchParams }: { params: Promise<{ id: string }>; searchParams: Promise<Record<string, unknown>> }) {
  const { id } = await params;
  const { tab, attempt, line } = await searchParams;
  const beginsAtEnd = tab === undefined && attempt === undefined && line === undefined;
  return (
    <FirstAnswers to={(trpc, ask) => [ask(trpc.runs.get.queryOptions({ id })), ...(beginsAtEnd ? [ask(trpc.runs.lines.queryOptions(earlyWindowOf(id)))] : [])]}>
      <Suspense>
        <RunView key={id} id={id} />
      </Suspense>
    </FirstAnswers>
  );
}

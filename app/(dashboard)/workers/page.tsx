import type { Metadata } from "next";

import { FirstAnswers } from "#app/_trpc/first-answers.tsx";

import { WorkersView } from "./_components/workers-view.tsx";

export const metadata: Metadata = { title: "Workers" };

/** The processes that execute attempts. */
export default function WorkersPage() {
  return (
    <FirstAnswers to={(trpc, ask) => [ask(trpc.lanes.list.queryOptions())]}>
      <WorkersView />
    </FirstAnswers>
  );
}

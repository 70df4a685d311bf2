import type { Metadata } from "next";

import { WorkersView } from "./_components/workers-view.tsx";

export const metadata: Metadata = { title: "Workers" };

/** The processes that execute attempts. */
export default function WorkersPage() {
  return <WorkersView />;
}

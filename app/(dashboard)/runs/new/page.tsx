import type { Metadata } from "next";

import { NewRunView } from "./_components/new-run-view.tsx";

export const metadata: Metadata = { title: "New run" };

/** Where a run is written and submitted. `?from=<runId>` starts from a run, `?sample=<id>` from a sample. */
export default function NewRunPage() {
  return <NewRunView />;
}

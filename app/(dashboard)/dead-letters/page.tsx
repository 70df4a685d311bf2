import type { Metadata } from "next";

import { DeadLettersView } from "./_components/dead-letters-view.tsx";

export const metadata: Metadata = { title: "Dead letters" };

/** Runs that failed for good and wait for a person. */
export default function DeadLettersPage() {
  return <DeadLettersView />;
}

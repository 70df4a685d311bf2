import type { Metadata } from "next";

import { OperationsView } from "./_components/operations-view.tsx";

export const metadata: Metadata = { title: "Bulk operations" };

/** Every retry and discard of many dead letters. */
export default function BulkOperationsPage() {
  return <OperationsView />;
}

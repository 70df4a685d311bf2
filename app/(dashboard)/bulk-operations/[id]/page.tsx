import type { Metadata } from "next";

import { BulkOperationView } from "./_components/bulk-operation-view.tsx";

export const metadata: Metadata = { title: "Bulk operation" };

/** How a retry or discard of many dead letters goes. */
export default async function BulkOperationPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <BulkOperationView id={id} />;
}

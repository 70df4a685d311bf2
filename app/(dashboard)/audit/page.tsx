import type { Metadata } from "next";

import { AuditView } from "./_components/audit-view.tsx";

export const metadata: Metadata = { title: "Audit log" };

/** Who changed what, for administrators. */
export default function AuditPage() {
  return <AuditView />;
}

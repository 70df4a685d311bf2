import type { Metadata } from "next";

import { AccessView } from "./_components/access-view.tsx";

export const metadata: Metadata = { title: "Tokens and users" };

/** Who and what may do something here. */
export default function AccessPage() {
  return <AccessView />;
}

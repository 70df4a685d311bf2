import type { Metadata } from "next";

import { AccountView } from "./_components/account-view.tsx";

export const metadata: Metadata = { title: "Account" };

/** One's own name, password and sessions. */
export default function AccountPage() {
  return <AccountView />;
}

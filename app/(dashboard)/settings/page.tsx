import type { Metadata } from "next";

import { SettingsView } from "./_components/settings-view.tsx";

export const metadata: Metadata = { title: "Settings" };

/** The administrator's defaults and maxima, and who changed them. */
export default function SettingsPage() {
  return <SettingsView />;
}

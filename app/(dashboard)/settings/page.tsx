import type { Metadata } from "next";

import { FirstAnswers } from "#app/_trpc/first-answers.tsx";

import { SettingsView } from "./_components/settings-view.tsx";

export const metadata: Metadata = { title: "Settings" };

/** The administrator's defaults and maxima, and who changed them. */
export default function SettingsPage() {
  return (
    <FirstAnswers to={(trpc, ask) => [ask(trpc.settings.get.queryOptions()), ask(trpc.settings.changes.queryOptions()), ask(trpc.lanes.list.queryOptions())]}>
      <SettingsView />
    </FirstAnswers>
  );
}

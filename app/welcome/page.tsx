import type { Metadata } from "next";

import { Brand } from "../_components/shell/brand.tsx";
import { WelcomeForm } from "./_components/welcome-form.tsx";

export const metadata: Metadata = { title: "Set your password", referrer: "no-referrer" };

/** Where an invitation or a reset link leads: its secret stays in the browser, behind the #, until the form sends it. */
export default function WelcomePage() {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[25rem] flex-col justify-center gap-5 px-4 py-10">
      <Brand />
      <WelcomeForm />
    </main>
  );
}

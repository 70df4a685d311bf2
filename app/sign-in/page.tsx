import { KeyRound } from "lucide-react";
import type { Metadata } from "next";

import { Brand } from "../_components/shell/brand.tsx";
import { CodeBlock } from "../_components/ui/code-block.tsx";
import { Notice } from "../_components/ui/notice.tsx";
import { nextPath } from "./_components/next-path.ts";
import { SignInForm } from "./_components/sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** Signing in: by password, or by the one-time link that the terminal prints. `?error=link` tells that a link was used up. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const params = await searchParams;
  const linkFailed = first(params["error"]) !== undefined;
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[25rem] flex-col justify-center gap-5 px-4 py-10">
      <div className="flex flex-col gap-1">
        <Brand />
        <h1 className="pt-4 text-2xl font-semibold tracking-tight">Sign in</h1>
        <p className="text-fg-muted">Corral runs scripts on this machine, so it wants to know who asks.</p>
      </div>
      {linkFailed && (
        <div role="alert">
          <Notice tone="warning" title="This sign-in link no longer works">
            A link signs in once, within an hour. Make a new one as below.
          </Notice>
        </div>
      )}
      <div className="rounded-xl border border-line bg-surface p-5 shadow-sm">
        <SignInForm next={nextPath(first(params["next"]) ?? null)} />
      </div>
      <div className="rounded-xl border border-line bg-inset p-4">
        <h2 className="flex items-center gap-2 text-sm font-semibold">
          <KeyRound aria-hidden className="size-4 text-fg-subtle" />
          No password yet?
        </h2>
        <p className="pt-1 pb-3 text-fg-muted">
          <code className="font-mono text-xs">npm start</code> prints a one-time link that signs the administrator in. On the machine that runs Corral, this
          prints another:
        </p>
        <CodeBlock code="npm run sign-in-link" label="Command" />
      </div>
    </main>
  );
}

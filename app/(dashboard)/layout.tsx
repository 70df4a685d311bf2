import { cookies } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";

import { lacksPassword, requireActor } from "#server/api/session.ts";

import { Brand } from "../_components/shell/brand.tsx";
import { Breadcrumbs } from "../_components/shell/breadcrumbs.tsx";
import { EnforcementBanner } from "../_components/shell/enforcement-banner.tsx";
import { LivePill } from "../_components/shell/live-pill.tsx";
import { MobileNav } from "../_components/shell/mobile-nav.tsx";
import { Nav } from "../_components/shell/nav.tsx";
import { PasswordNotice } from "../_components/shell/password-notice.tsx";
import { SearchButton } from "../_components/shell/search-button.tsx";
import { ShellDialogs } from "../_components/shell/shortcuts/shell-dialogs.tsx";
import { ShortcutsButton } from "../_components/shell/shortcuts-button.tsx";
import { THEME_COOKIE } from "../_components/shell/theme.ts";
import { ThemeMenu } from "../_components/shell/theme-menu.tsx";
import { UserMenu } from "../_components/shell/user-menu.tsx";
import { LiveProvider } from "../_live/live-provider.tsx";
import { TRPCReactProvider } from "../_trpc/client.tsx";
import { FirstAnswers } from "../_trpc/first-answers.tsx";

/** The shell of every signed-in page: navigation, header, and the tab's one event stream. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  // proxy.ts only sees that there is a cookie; whether it is a session is asked here.
  const actor = await requireActor();
  const withoutPassword = await lacksPassword(actor);
  const theme = (await cookies()).get(THEME_COOKIE)?.value;
  return (
    <TRPCReactProvider>
      {/* What the shell itself asks; a page's answers come with the page. */}
      <FirstAnswers
        to={(trpc, ask) => [ask(trpc.session.me.queryOptions()), ask(trpc.deadLetters.count.queryOptions({})), ask(trpc.workers.list.queryOptions())]}
      >
        <NuqsAdapter>
          <LiveProvider>
            <ShellDialogs>
              <a
                href="#main"
                className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2 focus:shadow-lg"
              >
                Skip to content
              </a>
              <div className="flex min-h-dvh">
                <aside
                  aria-label="Sidebar"
                  className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col gap-5 border-r border-line bg-surface px-3 py-3 lg:flex"
                >
                  <div className="flex h-6 items-center px-1.5">
                    <Brand />
                  </div>
                  <Nav />
                  <ShortcutsButton />
                </aside>
                <div className="flex min-w-0 flex-1 flex-col">
                  <header className="sticky top-0 z-30 flex h-12 items-center gap-3 border-b border-line bg-canvas px-4 sm:px-6">
                    <MobileNav />
                    <Breadcrumbs />
                    <div className="ml-auto flex shrink-0 items-center gap-1.5">
                      <SearchButton />
                      <LivePill />
                      <ThemeMenu initial={theme} />
                      <UserMenu />
                    </div>
                  </header>
                  <EnforcementBanner />
                  {withoutPassword && <PasswordNotice />}
                  <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1400px] flex-1 px-4 py-5 outline-none sm:px-6">
                    {children}
                  </main>
                </div>
              </div>
            </ShellDialogs>
          </LiveProvider>
        </NuqsAdapter>
      </FirstAnswers>
    </TRPCReactProvider>
  );
}

import "./globals.css";

import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";

import { THEME_COOKIE, themeOf } from "./_components/shell/theme.ts";
import { Toaster } from "./_components/ui/toaster.tsx";
import { geist, geistMono } from "./fonts.ts";

export const metadata: Metadata = {
  title: { default: "Corral", template: "%s · Corral" },
  description: "Runs scripts inside kernel limits, and accounts for every one.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

/** Every page: fonts, the theme the cookie asks for, toasts. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme} className={`${geist.variable} ${geistMono.variable}`}>
      <body>
        {children}
        <Toaster />
      </body>
    </html>
  );
}

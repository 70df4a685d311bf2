"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";

import { useTRPC } from "../../_trpc/client.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { NAV_ITEMS } from "./nav-items.ts";

/** The main navigation; `onNavigate` closes the drawer it may sit in. */
export function Nav({ onNavigate }: { onNavigate?: () => void }) {
  const pathname = usePathname();
  const trpc = useTRPC();
  const dead = useQuery(trpc.deadLetters.count.queryOptions({}));
  return (
    <nav aria-label="Main" className="flex flex-col gap-4">
      <ButtonLink href="/runs/new" variant="primary" className="mx-0.5" {...(onNavigate ? { onClick: onNavigate } : {})}>
        <Plus aria-hidden />
        New run
      </ButtonLink>
      <ul className="flex flex-col gap-0.5">
        {NAV_ITEMS.map(({ href, label, Icon }) => {
          const current = pathname === href || (pathname.startsWith(`${href}/`) && pathname !== "/runs/new");
          const count = href === "/dead-letters" ? (dead.data?.count ?? 0) : 0;
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={current ? "page" : undefined}
                {...(onNavigate ? { onClick: onNavigate } : {})}
                className={cx(
                  "flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium transition-colors duration-75",
                  current ? "bg-neutral-soft text-fg" : "text-fg-muted hover:bg-subtle hover:text-fg",
                )}
              >
                <Icon aria-hidden className={cx("size-4 shrink-0", current ? "text-accent-fg" : "text-fg-subtle")} />
                <span className="flex-1">{label}</span>
                {count > 0 && (
                  <span className="rounded-full border border-dead-line bg-dead-soft px-1.5 text-2xs text-dead-fg">
                    {count.toLocaleString("en-US")}
                    <span className="sr-only"> waiting</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

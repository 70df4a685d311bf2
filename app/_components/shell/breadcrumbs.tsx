"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";

import { shortId } from "../short-id.ts";
import { NAV_ITEMS, OTHER_PLACES } from "./nav-items.ts";

/** Where one is: the place, and the thing in it. */
export function Breadcrumbs() {
  const [, first = "", second] = usePathname().split("/");
  const place = [...NAV_ITEMS, ...OTHER_PLACES].find((item) => item.href === `/${first}`);
  if (place === undefined) return null;
  const thing = second === undefined ? undefined : second === "new" ? "New run" : shortId(second);
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex items-center gap-1.5 text-sm">
        {/* What one looks at keeps its name the longest: the place can be told from the page. */}
        <li className="min-w-0 shrink-9 truncate">
          {thing === undefined ? (
            <span aria-current="page" className="font-medium">
              {place.label}
            </span>
          ) : (
            <Link href={place.href} className="rounded-xs text-fg-muted hover:text-fg">
              {place.label}
            </Link>
          )}
        </li>
        {thing !== undefined && (
          <li className="flex min-w-0 items-center gap-1.5">
            <ChevronRight aria-hidden className="size-3.5 shrink-0 text-fg-subtle" />
            <span aria-current="page" className="truncate font-medium">
              {thing}
            </span>
          </li>
        )}
      </ol>
    </nav>
  );
}

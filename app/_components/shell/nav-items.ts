import { Braces, KeyRound, LayoutDashboard, ListVideo, Server, Settings, Skull } from "lucide-react";
import type { LucideIcon } from "lucide-react";

export type NavItem = { href: string; label: string; Icon: LucideIcon };

/** The places of the dashboard, in the order of the sidebar. */
export const NAV_ITEMS: NavItem[] = [
  { href: "/", label: "Overview", Icon: LayoutDashboard },
  { href: "/runs", label: "Runs", Icon: ListVideo },
  { href: "/dead-letters", label: "Dead letters", Icon: Skull },
  { href: "/workers", label: "Workers", Icon: Server },
  { href: "/access", label: "Tokens and users", Icon: KeyRound },
  { href: "/api-reference", label: "API reference", Icon: Braces },
  { href: "/settings", label: "Settings", Icon: Settings },
];

/** Places that are reached from elsewhere than the sidebar. */
export const OTHER_PLACES: Pick<NavItem, "href" | "label">[] = [
  { href: "/bulk-operations", label: "Bulk operations" },
  { href: "/account", label: "Account" },
  { href: "/audit", label: "Audit log" },
];

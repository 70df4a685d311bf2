import { Braces, ListVideo, Server, Settings, Skull } from "lucide-react";
import type { LucideIcon } from "lucide-react";

export type NavItem = { href: string; label: string; Icon: LucideIcon };

/** The places of the dashboard, in the order of the sidebar. */
export const NAV_ITEMS: NavItem[] = [
  { href: "/runs", label: "Runs", Icon: ListVideo },
  { href: "/dead-letters", label: "Dead letters", Icon: Skull },
  { href: "/workers", label: "Workers", Icon: Server },
  { href: "/api-reference", label: "API reference", Icon: Braces },
  { href: "/settings", label: "Settings", Icon: Settings },
];

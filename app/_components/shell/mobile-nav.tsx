"use client";

import { Menu } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";

import { IconButton } from "../ui/button.tsx";

const NavDrawer = dynamic(() => import("./nav-drawer.tsx").then((module) => module.NavDrawer), { ssr: false });

/** The navigation as a drawer, where there is no room for the sidebar. */
export function MobileNav() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Open navigation" aria-haspopup="dialog" aria-expanded={open} className="-ml-2 lg:hidden" onClick={() => setOpen(true)}>
        <Menu aria-hidden />
      </IconButton>
      {open && <NavDrawer onOpenChange={setOpen} />}
    </>
  );
}

"use client";

import { Command } from "cmdk";
import type { ReactNode } from "react";

/** A titled part of the palette's results. */
export function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-fg-subtle"
    >
      {children}
    </Command.Group>
  );
}

type PaletteItemProps = {
  /** What is searched, and tells items apart. */
  name: string;
  icon: ReactNode;
  onSelect: () => void;
  /** What else finds it: for what the server has found already, all that was typed. */
  keywords?: string[];
  children: ReactNode;
};

/** One result. */
export function PaletteItem({ name, icon, onSelect, keywords, children }: PaletteItemProps) {
  return (
    <Command.Item
      value={name}
      {...(keywords === undefined ? {} : { keywords })}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-accent-soft [&>svg]:size-4 [&>svg]:shrink-0"
    >
      {icon}
      {children}
    </Command.Item>
  );
}

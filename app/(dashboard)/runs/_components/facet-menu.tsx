"use client";

import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "#app/_components/ui/button.tsx";
import { DropdownMenu, MenuCheckboxItem } from "#app/_components/ui/dropdown-menu.tsx";

/** `count`: how many it would show, where that is known. */
export type FacetOption = { value: string; label: ReactNode; count?: string };

/** A filter with many values: a menu of checkboxes. */
export function FacetMenu({
  label,
  options,
  chosen,
  onToggle,
}: {
  label: string;
  options: FacetOption[];
  chosen: readonly string[];
  onToggle: (value: string) => void;
}) {
  return (
    <DropdownMenu
      align="start"
      label={label}
      trigger={
        <Button disabled={options.length === 0}>
          {label}
          {chosen.length > 0 && <span className="rounded-full bg-accent-soft px-1.5 text-2xs text-accent-fg">{chosen.length}</span>}
          <ChevronDown aria-hidden className="text-fg-subtle" />
        </Button>
      }
    >
      {options.map((option) => (
        <MenuCheckboxItem key={option.value} checked={chosen.includes(option.value)} onCheckedChange={() => onToggle(option.value)}>
          <span className="flex-1">{option.label}</span>
          {option.count !== undefined && <span className="pl-4 text-xs text-fg-subtle">{option.count}</span>}
        </MenuCheckboxItem>
      ))}
    </DropdownMenu>
  );
}

"use client";

import { Check } from "lucide-react";
import * as RadixMenu from "radix-ui/dropdown-menu";
import type { ComponentProps, ReactNode } from "react";

import { cx } from "./cx.ts";

const ITEM_CLASS =
  "flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-subtle [&_svg]:size-4 [&_svg]:shrink-0";

/** A menu under `trigger`, which must be a button of ours. */
export function DropdownMenu({
  trigger,
  children,
  align = "end",
  label,
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  label?: string;
}) {
  return (
    <RadixMenu.Root>
      <RadixMenu.Trigger asChild>{trigger}</RadixMenu.Trigger>
      <RadixMenu.Portal>
        <RadixMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          {...(label === undefined ? {} : { "aria-label": label })}
          className="z-50 max-h-[min(24rem,var(--radix-dropdown-menu-content-available-height))] min-w-44 animate-in overflow-y-auto rounded-lg border border-line bg-raised p-1 text-fg shadow-lg"
        >
          {children}
        </RadixMenu.Content>
      </RadixMenu.Portal>
    </RadixMenu.Root>
  );
}

/** One thing to do. */
export function MenuItem({ className, danger = false, ...rest }: ComponentProps<typeof RadixMenu.Item> & { danger?: boolean }) {
  return <RadixMenu.Item className={cx(ITEM_CLASS, danger && "text-danger-fg", className)} {...rest} />;
}

/** One thing that is on or off; the menu stays open. */
export function MenuCheckboxItem({ className, children, ...rest }: ComponentProps<typeof RadixMenu.CheckboxItem>) {
  return (
    <RadixMenu.CheckboxItem className={cx(ITEM_CLASS, className)} onSelect={(event) => event.preventDefault()} {...rest}>
      <span className="flex size-4 items-center justify-center">
        <RadixMenu.ItemIndicator>
          <Check aria-hidden className="text-accent-fg" />
        </RadixMenu.ItemIndicator>
      </span>
      {children}
    </RadixMenu.CheckboxItem>
  );
}

/** One of several: put MenuRadioItems inside. */
export function MenuRadioGroup(props: ComponentProps<typeof RadixMenu.RadioGroup>) {
  return <RadixMenu.RadioGroup {...props} />;
}

/** One choice of a MenuRadioGroup. */
export function MenuRadioItem({ className, children, ...rest }: ComponentProps<typeof RadixMenu.RadioItem>) {
  return (
    <RadixMenu.RadioItem className={cx(ITEM_CLASS, className)} {...rest}>
      {children}
      <RadixMenu.ItemIndicator className="ml-auto">
        <Check aria-hidden className="text-accent-fg" />
      </RadixMenu.ItemIndicator>
    </RadixMenu.RadioItem>
  );
}

/** A line between groups of items. */
export function MenuSeparator() {
  return <RadixMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** A heading inside a menu. */
export function MenuLabel({ className, ...rest }: ComponentProps<typeof RadixMenu.Label>) {
  return <RadixMenu.Label className={cx("px-2 py-1 text-xs text-fg-subtle", className)} {...rest} />;
}

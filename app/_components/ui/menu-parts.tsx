"use client";

import { Check } from "lucide-react";
import * as RadixMenu from "radix-ui/dropdown-menu";
import type { ComponentProps, ReactNode } from "react";

import { cx } from "./cx.ts";

// What dropdown-menu.tsx loads when the first menu is wanted.

const ITEM_CLASS =
  "flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-subtle [&_svg]:size-4 [&_svg]:shrink-0";

type OpenMenuProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: ReactNode;
  children: ReactNode;
  align: "start" | "end";
  label: string | undefined;
  /** It was opened by keyboard: its first item takes the focus. */
  focusFirst: boolean;
};

/** A menu and its trigger, once it is wanted. */
export function OpenMenu({ open, onOpenChange, trigger, children, align, label, focusFirst }: OpenMenuProps) {
  return (
    // Not modal: a menu is left by a click anywhere, and hides nothing from who can't see it.
    <RadixMenu.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <RadixMenu.Trigger asChild>{trigger}</RadixMenu.Trigger>
      <RadixMenu.Portal>
        <RadixMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          ref={(element) => {
            if (focusFirst) element?.querySelector<HTMLElement>("[role^=menuitem]:not([data-disabled])")?.focus();
          }}
          {...(label === undefined ? {} : { "aria-label": label })}
          className="z-50 max-h-[min(24rem,var(--radix-dropdown-menu-content-available-height))] min-w-44 animate-in overflow-y-auto rounded-lg border border-line bg-raised p-1 text-fg shadow-lg"
        >
          {children}
        </RadixMenu.Content>
      </RadixMenu.Portal>
    </RadixMenu.Root>
  );
}

export type MenuItemProps = ComponentProps<typeof RadixMenu.Item> & { danger?: boolean };

export function Item({ className, danger = false, ...rest }: MenuItemProps) {
  return <RadixMenu.Item className={cx(ITEM_CLASS, danger && "text-danger-fg", className)} {...rest} />;
}

export type MenuCheckboxItemProps = ComponentProps<typeof RadixMenu.CheckboxItem>;

export function CheckboxItem({ className, children, ...rest }: MenuCheckboxItemProps) {
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

export type MenuRadioGroupProps = ComponentProps<typeof RadixMenu.RadioGroup>;

export function RadioGroup(props: MenuRadioGroupProps) {
  return <RadixMenu.RadioGroup {...props} />;
}

export type MenuRadioItemProps = ComponentProps<typeof RadixMenu.RadioItem>;

export function RadioItem({ className, children, ...rest }: MenuRadioItemProps) {
  return (
    <RadixMenu.RadioItem className={cx(ITEM_CLASS, className)} {...rest}>
      {children}
      <RadixMenu.ItemIndicator className="ml-auto">
        <Check aria-hidden className="text-accent-fg" />
      </RadixMenu.ItemIndicator>
    </RadixMenu.RadioItem>
  );
}

export function Separator() {
  return <RadixMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}

export type MenuLabelProps = ComponentProps<typeof RadixMenu.Label>;

export function Label({ className, ...rest }: MenuLabelProps) {
  return <RadixMenu.Label className={cx("px-2 py-1 text-xs text-fg-subtle", className)} {...rest} />;
}

"use client";

import { Slot } from "radix-ui/slot";
import { createContext, use, useState } from "react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import { toast } from "sonner";

import type * as Loaded from "./menu-parts.tsx";
import type { MenuCheckboxItemProps, MenuItemProps, MenuLabelProps, MenuRadioGroupProps, MenuRadioItemProps } from "./menu-parts.tsx";

type Parts = typeof Loaded;
const MenuParts = createContext<Parts | null>(null);
let loading: Promise<Parts> | undefined;

/** Loaded once a page, when a hand is near a menu: every page has menus in its header, and most visits open none. */
function loadParts(): Promise<Parts> {
  loading ??= import("./menu-parts.tsx").catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

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
  const [parts, setParts] = useState<Parts | null>(null);
  const [opened, setOpened] = useState<"by-pointer" | "by-keyboard" | null>(null);

  if (parts !== null) {
    return (
      <MenuParts value={parts}>
        <parts.OpenMenu
          open={opened !== null}
          onOpenChange={(open) => setOpened(open ? "by-pointer" : null)}
          trigger={trigger}
          align={align}
          label={label}
          focusFirst={opened === "by-keyboard"}
        >
          {children}
        </parts.OpenMenu>
      </MenuParts>
    );
  }
  const show = (how: "by-pointer" | "by-keyboard") => {
    loadParts().then(
      (loaded) => {
        setParts(loaded);
        setOpened(how);
      },
      () => toast.error("The menu could not be loaded", { description: "The server can’t be reached. Try again." }),
    );
  };
  const ahead = () => void loadParts().catch(() => undefined);
  return (
    <Slot
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={ahead}
      onFocus={ahead}
      onClick={(event: MouseEvent) => show(event.detail === 0 ? "by-keyboard" : "by-pointer")}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        show("by-keyboard");
      }}
    >
      {trigger}
    </Slot>
  );
}

function useParts(): Parts {
  const parts = use(MenuParts);
  if (parts === null) throw new Error("Menu items work inside DropdownMenu only.");
  return parts;
}

/** One thing to do. */
export function MenuItem(props: MenuItemProps) {
  const { Item } = useParts();
  return <Item {...props} />;
}

/** One thing that is on or off; the menu stays open. */
export function MenuCheckboxItem(props: MenuCheckboxItemProps) {
  const { CheckboxItem } = useParts();
  return <CheckboxItem {...props} />;
}

/** One of several: put MenuRadioItems inside. */
export function MenuRadioGroup(props: MenuRadioGroupProps) {
  const { RadioGroup } = useParts();
  return <RadioGroup {...props} />;
}

/** One choice of a MenuRadioGroup. */
export function MenuRadioItem(props: MenuRadioItemProps) {
  const { RadioItem } = useParts();
  return <RadioItem {...props} />;
}

/** A line between groups of items. */
export function MenuSeparator() {
  const { Separator } = useParts();
  return <Separator />;
}

/** A heading inside a menu. */
export function MenuLabel(props: MenuLabelProps) {
  const { Label } = useParts();
  return <Label {...props} />;
}

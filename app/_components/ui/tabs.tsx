"use client";

import * as RadixTabs from "radix-ui/tabs";
import type { ComponentProps } from "react";

import { cx } from "./cx.ts";

/** A set of tabs; give it `value` and `onValueChange` when the choice lives in the URL. */
export function Tabs(props: ComponentProps<typeof RadixTabs.Root>) {
  return <RadixTabs.Root {...props} />;
}

/** The row of tabs; `aria-label` names it. */
export function TabList({ className, ...rest }: ComponentProps<typeof RadixTabs.List>) {
  return <RadixTabs.List className={cx("flex gap-4 overflow-x-auto border-b border-line px-4", className)} {...rest} />;
}

/** One tab. */
export function Tab({ className, ...rest }: ComponentProps<typeof RadixTabs.Trigger>) {
  return (
    <RadixTabs.Trigger
      className={cx(
        "-mb-px flex h-10 items-center gap-1.5 border-b-2 border-transparent px-0.5 text-sm font-medium whitespace-nowrap text-fg-muted transition-colors hover:text-fg focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:text-fg [&_svg]:size-4",
        className,
      )}
      {...rest}
    />
  );
}

/** What a tab shows. */
export function TabPanel({ className, ...rest }: ComponentProps<typeof RadixTabs.Content>) {
  return <RadixTabs.Content className={cx("focus-visible:-outline-offset-2", className)} {...rest} />;
}

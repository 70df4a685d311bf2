import type { ComponentProps } from "react";

import { cx } from "./cx.ts";

/** A data table. `label` names it; the header row sticks, the body scrolls sideways inside its own frame, never the page. */
export function Table({ label, className, ...rest }: ComponentProps<"table"> & { label: string }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className={cx("w-full border-collapse text-left text-sm", className)} {...rest} />
    </div>
  );
}

/** The header row group. */
export function TableHead(props: ComponentProps<"thead">) {
  return <thead className="border-b border-line bg-inset" {...props} />;
}

/** The body rows. */
export function TableBody({ className, ...rest }: ComponentProps<"tbody">) {
  return <tbody className={cx("divide-y divide-line", className)} {...rest} />;
}

/** A row of fixed height, so that skeletons and rows never shift each other. */
export function TableRow({ className, selected = false, ...rest }: ComponentProps<"tr"> & { selected?: boolean }) {
  return (
    <tr
      aria-selected={selected || undefined}
      className={cx("h-11 transition-colors duration-75 hover:bg-subtle", selected && "bg-accent-soft hover:bg-accent-soft", className)}
      {...rest}
    />
  );
}

/** A column's heading; `numeric` sets it to the right. */
export function Th({ className, numeric = false, ...rest }: ComponentProps<"th"> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={cx("h-8 px-3 text-xs font-medium whitespace-nowrap text-fg-subtle first:pl-4 last:pr-4", numeric && "text-right", className)}
      {...rest}
    />
  );
}

/** A cell; `numeric` sets it to the right. */
export function Td({ className, numeric = false, ...rest }: ComponentProps<"td"> & { numeric?: boolean }) {
  return <td className={cx("px-3 py-1.5 first:pl-4 last:pr-4", numeric && "text-right whitespace-nowrap", className)} {...rest} />;
}

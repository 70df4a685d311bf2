import { useId } from "react";
import type { ComponentProps, ReactNode } from "react";

import { cx } from "./cx.ts";

/** A titled piece of a page: a region named by its heading. Without a title it is a plain box. */
export function Card({
  title,
  description,
  actions,
  children,
  className,
  id,
  flush = false,
}: {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  id?: string;
  flush?: boolean;
}) {
  const headingId = useId();
  const body = <div className={flush ? undefined : "p-4"}>{children}</div>;
  if (!title)
    return (
      <div id={id} className={cx("overflow-hidden rounded-lg border border-line bg-surface shadow-sm", className)}>
        {body}
      </div>
    );
  return (
    <section id={id} aria-labelledby={headingId} className={cx("overflow-hidden rounded-lg border border-line bg-surface shadow-sm", className)}>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2.5">
        <div className="min-w-0">
          <h2 id={headingId} className="text-sm font-semibold">
            {title}
          </h2>
          {description && <p className="text-xs text-fg-subtle">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {body}
    </section>
  );
}

/** Names and values: evidence, details. Each `Detail` is one pair. */
export function DetailList({ className, ...rest }: ComponentProps<"dl">) {
  return <dl className={cx("grid grid-cols-[repeat(auto-fill,minmax(8.25rem,1fr))] gap-x-5 gap-y-3", className)} {...rest} />;
}

/** One name and its value in a DetailList. */
export function Detail({ name, children, mono = false }: { name: ReactNode; children: ReactNode; mono?: boolean }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-fg-subtle">{name}</dt>
      <dd className={cx("text-sm text-fg", mono && "font-mono text-xs leading-5")}>{children}</dd>
    </div>
  );
}

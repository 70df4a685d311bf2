import type { ReactNode } from "react";

/** Nothing to show, and why, and what to do next. */
export function EmptyState({ icon, title, children, actions }: { icon?: ReactNode; title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      {icon && (
        <span aria-hidden className="mb-1 flex size-10 items-center justify-center rounded-lg border border-line bg-inset text-fg-subtle [&_svg]:size-5">
          {icon}
        </span>
      )}
      <p className="text-base font-medium">{title}</p>
      {children && <div className="max-w-md text-fg-muted">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

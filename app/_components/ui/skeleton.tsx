import { cx } from "./cx.ts";

/** A placeholder of the coming thing's size. It shows only after 150 ms, so that quick answers don't flicker. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className="block animate-late">
      <span className={cx("block animate-pulse rounded-sm bg-neutral-soft", className ?? "h-4 w-full")} />
    </span>
  );
}

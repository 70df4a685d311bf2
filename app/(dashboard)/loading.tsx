import { Skeleton } from "../_components/ui/skeleton.tsx";

/** While a page is on its way; shows itself only when that takes long enough to notice. */
export default function Loading() {
  return (
    <div aria-busy="true" className="flex flex-col gap-5">
      <span role="status" className="sr-only">
        Loading
      </span>
      <Skeleton className="h-8 w-48" />
      <Skeleton className="h-96 w-full" />
    </div>
  );
}

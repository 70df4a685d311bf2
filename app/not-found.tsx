import { SearchX } from "lucide-react";

import { ButtonLink } from "./_components/ui/button.tsx";
import { EmptyState } from "./_components/ui/empty-state.tsx";

export const metadata = { title: "Not found" };

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl pt-[12vh]">
      <h1 className="sr-only">Not found</h1>
      <EmptyState icon={<SearchX />} title="There is nothing at this address" actions={<ButtonLink href="/runs">Go to the runs</ButtonLink>}>
        The link may be old, or what it pointed to was removed when its retention ended.
      </EmptyState>
    </main>
  );
}

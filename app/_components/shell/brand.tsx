import Link from "next/link";

/** The name and mark, leading home. */
export function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2 rounded-sm text-base font-semibold tracking-tight">
      <svg aria-hidden viewBox="0 0 32 32" className="size-6 shrink-0">
        <rect width="32" height="32" rx="7" className="fill-accent" />
        <path d="M9 8v16M23 8v16M6 13h20M6 19.500h20" fill="none" strokeWidth="2.6" strokeLinecap="round" className="stroke-on-accent" />
      </svg>
      Corral
    </Link>
  );
}

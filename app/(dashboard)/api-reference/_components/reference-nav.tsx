import type { Part } from "./operations-by-tag.ts";

/** Where to find what, beside the page where there is room. */
export function ReferenceNav({ parts }: { parts: Part[] }) {
  const places = [
    { id: "conventions", label: "Conventions" },
    ...parts.map(({ tag }) => ({ id: tag.toLowerCase().replaceAll(" ", "-"), label: tag })),
    { id: "models", label: "Models" },
  ];
  return (
    <nav aria-label="On this page" className="mb-5 xl:sticky xl:top-16 xl:mb-0 xl:self-start">
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm xl:flex-col">
        {places.map(({ id, label }) => (
          <li key={id}>
            <a href={`#${id}`} className="rounded-xs text-fg-muted hover:text-fg">
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

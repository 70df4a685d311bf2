import { cx } from "#app/_components/ui/cx.ts";

/** A choice between few ways to look at the same. */
export function Segments<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  label: string;
  value: T;
  choices: readonly { value: T; label: string }[];
  onChoose: (value: T) => void;
}) {
  return (
    <span role="group" aria-label={label} className="inline-flex h-8 shrink-0 rounded-md border border-line-strong bg-inset p-0.5">
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChoose(choice.value)}
          className={cx(
            "rounded-sm px-2.5 text-sm font-medium transition-colors duration-75",
            choice.value === value ? "bg-surface text-fg shadow-sm" : "text-fg-muted hover:text-fg",
          )}
        >
          {choice.label}
        </button>
      ))}
    </span>
  );
}

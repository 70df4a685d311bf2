import { CopyButton } from "./copy-button.tsx";
import { cx } from "./cx.ts";

/** Code or text as it is, with line numbers if asked for, and a button to copy all of it. */
export function CodeBlock({ code, label, lineNumbers = false, className }: { code: string; label: string; lineNumbers?: boolean; className?: string }) {
  const lines = lineNumbers ? code.replace(/\n$/, "").split("\n") : [];
  return (
    <div className={cx("relative overflow-hidden rounded-md border border-line bg-inset", className)}>
      <div className="absolute top-1.5 right-1.5 z-10 rounded-sm bg-inset">
        <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} />
      </div>
      <pre
        role="region"
        aria-label={label}
        tabIndex={0}
        className="max-h-[32rem] overflow-auto py-2.5 font-mono text-xs leading-5 focus-visible:-outline-offset-2"
      >
        {lineNumbers ? (
          <code className="grid grid-cols-[auto_1fr]">
            {lines.map((line, index) => (
              <span key={index} className="contents">
                <span aria-hidden className="pr-3 pl-4 text-right text-fg-subtle select-none">
                  {index + 1}
                </span>
                <span className="min-h-5 pr-10 whitespace-pre">{line}</span>
              </span>
            ))}
          </code>
        ) : (
          <code className="block pr-10 pl-4 break-words whitespace-pre-wrap">{code}</code>
        )}
      </pre>
    </div>
  );
}
